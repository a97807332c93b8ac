package vastsim

// A place is one of the regions machines stand in.
type place struct {
	text    string  // as the API spells it
	country string  // two letters
	city    string  // for the map of the metrics call
	lat     float64 // degrees
	lon     float64 // degrees
	cost    float64 // price level relative to the mean
	weight  int     // share of hosts
}

// places holds sixty regions. The odd spellings (", US", "Norway", "US") have
// been seen on the market and must be survived by clients.
var places = []place{
	{"California, US", "US", "Fremont", 37.5, -122.0, 1.08, 70},
	{"Texas, US", "US", "Dallas", 32.8, -96.8, 1.02, 62},
	{"Oregon, US", "US", "Hillsboro", 45.5, -122.9, 1.03, 34},
	{"Washington, US", "US", "Seattle", 47.6, -122.3, 1.05, 32},
	{"New York, US", "US", "New York", 40.7, -74.0, 1.10, 30},
	{"Utah, US", "US", "Salt Lake City", 40.8, -111.9, 0.99, 18},
	{"Virginia, US", "US", "Ashburn", 39.0, -77.5, 1.06, 26},
	{"Florida, US", "US", "Tampa", 27.9, -82.5, 1.00, 18},
	{"Ohio, US", "US", "Columbus", 40.0, -83.0, 0.98, 18},
	{"Illinois, US", "US", "Chicago", 41.9, -87.6, 1.02, 20},
	{"Georgia, US", "US", "Atlanta", 33.7, -84.4, 1.00, 14},
	{"Nevada, US", "US", "Las Vegas", 36.2, -115.1, 1.01, 12},
	{"Minnesota, US", "US", "Minneapolis", 45.0, -93.3, 0.98, 8},
	{"North Carolina, US", "US", "Charlotte", 35.2, -80.8, 0.99, 14},
	{", US", "US", "Kansas City", 39.1, -94.6, 0.97, 6},
	{"US", "US", "Omaha", 41.3, -96.0, 0.97, 4},
	{"Quebec, CA", "CA", "Montreal", 45.5, -73.6, 0.97, 30},
	{"Ontario, CA", "CA", "Toronto", 43.7, -79.4, 1.00, 16},
	{"British Columbia, CA", "CA", "Vancouver", 49.3, -123.1, 1.01, 10},
	{"Alberta, CA", "CA", "Calgary", 51.0, -114.1, 0.98, 6},
	{"Querétaro, MX", "MX", "Querétaro", 20.6, -100.4, 0.96, 4},
	{"São Paulo, BR", "BR", "São Paulo", -23.5, -46.6, 1.02, 8},
	{"Santiago, CL", "CL", "Santiago", -33.4, -70.7, 1.00, 3},
	{"Buenos Aires, AR", "AR", "Buenos Aires", -34.6, -58.4, 0.97, 4},
	{"England, GB", "GB", "London", 51.5, -0.1, 1.07, 24},
	{"Scotland, GB", "GB", "Edinburgh", 55.9, -3.2, 1.04, 5},
	{"Germany, DE", "DE", "Frankfurt", 50.1, 8.7, 1.08, 30},
	{"Bavaria, DE", "DE", "Nuremberg", 49.5, 11.1, 1.09, 12},
	{"France, FR", "FR", "Paris", 48.9, 2.4, 1.05, 22},
	{"Netherlands, NL", "NL", "Amsterdam", 52.4, 4.9, 1.06, 22},
	{"Norway", "NO", "Oslo", 59.9, 10.8, 0.95, 8},
	{"Norway, NO", "NO", "Stavanger", 59.0, 5.7, 0.94, 18},
	{"Sweden, SE", "SE", "Stockholm", 59.3, 18.1, 0.95, 22},
	{"Finland, FI", "FI", "Helsinki", 60.2, 24.9, 0.95, 14},
	{"Iceland, IS", "IS", "Reykjavik", 64.1, -21.9, 0.95, 10},
	{"Estonia, EE", "EE", "Tallinn", 59.4, 24.8, 0.95, 6},
	{"Latvia, LV", "LV", "Riga", 57.0, 24.1, 0.94, 4},
	{"Poland, PL", "PL", "Warsaw", 52.2, 21.0, 0.93, 16},
	{"Czechia, CZ", "CZ", "Prague", 50.1, 14.4, 0.94, 20},
	{"Slovakia, SK", "SK", "Bratislava", 48.1, 17.1, 0.93, 4},
	{"Hungary, HU", "HU", "Budapest", 47.5, 19.0, 0.92, 10},
	{"Romania, RO", "RO", "Bucharest", 44.4, 26.1, 0.91, 10},
	{"Bulgaria, BG", "BG", "Sofia", 42.7, 23.3, 0.90, 16},
	{"Ukraine, UA", "UA", "Kyiv", 50.5, 30.5, 0.88, 8},
	{"Spain, ES", "ES", "Madrid", 40.4, -3.7, 0.99, 14},
	{"Portugal, PT", "PT", "Lisbon", 38.7, -9.1, 0.98, 5},
	{"Italy, IT", "IT", "Milan", 45.5, 9.2, 1.02, 10},
	{"Switzerland, CH", "CH", "Zurich", 47.4, 8.5, 1.14, 6},
	{"Turkey, TR", "TR", "Istanbul", 41.0, 29.0, 0.94, 6},
	{"Israel, IL", "IL", "Tel Aviv", 32.1, 34.8, 1.06, 5},
	{"South Africa, ZA", "ZA", "Johannesburg", -26.2, 28.0, 0.96, 4},
	{"Maharashtra, IN", "IN", "Mumbai", 19.1, 72.9, 0.93, 12},
	{"Thailand, TH", "TH", "Bangkok", 13.8, 100.5, 0.94, 8},
	{"Vietnam, VN", "VN", "Ho Chi Minh City", 10.8, 106.7, 0.89, 12},
	{"Singapore, SG", "SG", "Singapore", 1.35, 103.8, 1.12, 8},
	{"Taiwan, TW", "TW", "Taipei", 25.0, 121.6, 0.97, 20},
	{"South Korea, KR", "KR", "Seoul", 37.6, 127.0, 0.98, 26},
	{"Tokyo, JP", "JP", "Tokyo", 35.7, 139.7, 1.05, 18},
	{"New South Wales, AU", "AU", "Sydney", -33.9, 151.2, 1.05, 14},
	{"Auckland, NZ", "NZ", "Auckland", -36.8, 174.8, 1.03, 4},
}
