package offerql

import "strings"

// The server compares geolocation with two-letter country codes only, so names
// and regions are expanded here.

// country is one row of the table of countries: its code and its English name.
type country struct{ code, name string }

// countries are the countries of ISO 3166-1 in which machines are or may be.
var countries = []country{
	{"AD", "Andorra"}, {"AE", "United Arab Emirates"}, {"AF", "Afghanistan"}, {"AG", "Antigua and Barbuda"},
	{"AL", "Albania"}, {"AM", "Armenia"}, {"AO", "Angola"}, {"AR", "Argentina"}, {"AT", "Austria"}, {"AU", "Australia"},
	{"AZ", "Azerbaijan"}, {"BA", "Bosnia and Herzegovina"}, {"BB", "Barbados"}, {"BD", "Bangladesh"}, {"BE", "Belgium"},
	{"BF", "Burkina Faso"}, {"BG", "Bulgaria"}, {"BH", "Bahrain"}, {"BI", "Burundi"}, {"BJ", "Benin"}, {"BN", "Brunei"},
	{"BO", "Bolivia"}, {"BR", "Brazil"}, {"BS", "Bahamas"}, {"BT", "Bhutan"}, {"BW", "Botswana"}, {"BY", "Belarus"},
	{"BZ", "Belize"}, {"CA", "Canada"}, {"CD", "DR Congo"}, {"CF", "Central African Republic"}, {"CG", "Congo"},
	{"CH", "Switzerland"}, {"CI", "Ivory Coast"}, {"CL", "Chile"}, {"CM", "Cameroon"}, {"CN", "China"}, {"CO", "Colombia"},
	{"CR", "Costa Rica"}, {"CU", "Cuba"}, {"CV", "Cape Verde"}, {"CY", "Cyprus"}, {"CZ", "Czechia"}, {"DE", "Germany"},
	{"DJ", "Djibouti"}, {"DK", "Denmark"}, {"DM", "Dominica"}, {"DO", "Dominican Republic"}, {"DZ", "Algeria"},
	{"EC", "Ecuador"}, {"EE", "Estonia"}, {"EG", "Egypt"}, {"ER", "Eritrea"}, {"ES", "Spain"}, {"ET", "Ethiopia"},
	{"FI", "Finland"}, {"FJ", "Fiji"}, {"FR", "France"}, {"GA", "Gabon"}, {"GB", "United Kingdom"}, {"GD", "Grenada"},
	{"GE", "Georgia"}, {"GH", "Ghana"}, {"GI", "Gibraltar"}, {"GL", "Greenland"}, {"GM", "Gambia"}, {"GN", "Guinea"},
	{"GQ", "Equatorial Guinea"}, {"GR", "Greece"}, {"GT", "Guatemala"}, {"GW", "Guinea-Bissau"}, {"GY", "Guyana"},
	{"HK", "Hong Kong"}, {"HN", "Honduras"}, {"HR", "Croatia"}, {"HT", "Haiti"}, {"HU", "Hungary"}, {"ID", "Indonesia"},
	{"IE", "Ireland"}, {"IL", "Israel"}, {"IM", "Isle of Man"}, {"IN", "India"}, {"IQ", "Iraq"}, {"IR", "Iran"},
	{"IS", "Iceland"}, {"IT", "Italy"}, {"JE", "Jersey"}, {"JM", "Jamaica"}, {"JO", "Jordan"}, {"JP", "Japan"},
	{"KE", "Kenya"}, {"KG", "Kyrgyzstan"}, {"KH", "Cambodia"}, {"KM", "Comoros"}, {"KN", "Saint Kitts and Nevis"},
	{"KP", "North Korea"}, {"KR", "South Korea"}, {"KW", "Kuwait"}, {"KZ", "Kazakhstan"}, {"LA", "Laos"},
	{"LB", "Lebanon"}, {"LC", "Saint Lucia"}, {"LI", "Liechtenstein"}, {"LK", "Sri Lanka"}, {"LR", "Liberia"},
	{"LS", "Lesotho"}, {"LT", "Lithuania"}, {"LU", "Luxembourg"}, {"LV", "Latvia"}, {"LY", "Libya"}, {"MA", "Morocco"},
	{"MC", "Monaco"}, {"MD", "Moldova"}, {"ME", "Montenegro"}, {"MG", "Madagascar"}, {"MK", "North Macedonia"},
	{"ML", "Mali"}, {"MM", "Myanmar"}, {"MN", "Mongolia"}, {"MO", "Macao"}, {"MR", "Mauritania"}, {"MT", "Malta"},
	{"MU", "Mauritius"}, {"MV", "Maldives"}, {"MW", "Malawi"}, {"MX", "Mexico"}, {"MY", "Malaysia"}, {"MZ", "Mozambique"},
	{"NA", "Namibia"}, {"NE", "Niger"}, {"NG", "Nigeria"}, {"NI", "Nicaragua"}, {"NL", "Netherlands"}, {"NO", "Norway"},
	{"NP", "Nepal"}, {"NZ", "New Zealand"}, {"OM", "Oman"}, {"PA", "Panama"}, {"PE", "Peru"}, {"PG", "Papua New Guinea"},
	{"PH", "Philippines"}, {"PK", "Pakistan"}, {"PL", "Poland"}, {"PR", "Puerto Rico"}, {"PS", "Palestine"},
	{"PT", "Portugal"}, {"PY", "Paraguay"}, {"QA", "Qatar"}, {"RE", "Reunion"}, {"RO", "Romania"}, {"RS", "Serbia"},
	{"RU", "Russia"}, {"RW", "Rwanda"}, {"SA", "Saudi Arabia"}, {"SC", "Seychelles"}, {"SD", "Sudan"}, {"SE", "Sweden"},
	{"SG", "Singapore"}, {"SI", "Slovenia"}, {"SK", "Slovakia"}, {"SL", "Sierra Leone"}, {"SM", "San Marino"},
	{"SN", "Senegal"}, {"SO", "Somalia"}, {"SR", "Suriname"}, {"SS", "South Sudan"}, {"SV", "El Salvador"},
	{"SY", "Syria"}, {"SZ", "Eswatini"}, {"TD", "Chad"}, {"TG", "Togo"}, {"TH", "Thailand"}, {"TJ", "Tajikistan"},
	{"TM", "Turkmenistan"}, {"TN", "Tunisia"}, {"TR", "Turkey"}, {"TT", "Trinidad and Tobago"}, {"TW", "Taiwan"},
	{"TZ", "Tanzania"}, {"UA", "Ukraine"}, {"UG", "Uganda"}, {"US", "United States"}, {"UY", "Uruguay"},
	{"UZ", "Uzbekistan"}, {"VA", "Vatican"}, {"VC", "Saint Vincent"}, {"VE", "Venezuela"}, {"VN", "Vietnam"},
	{"XK", "Kosovo"}, {"YE", "Yemen"}, {"ZA", "South Africa"}, {"ZM", "Zambia"}, {"ZW", "Zimbabwe"},
}

// shortNames are what some countries are mostly called.
var shortNames = []country{{"GB", "UK"}, {"US", "USA"}, {"AE", "UAE"}, {"KR", "Korea"}, {"CZ", "Czech Republic"}, {"TR", "Türkiye"}}

// region is a name for several countries.
type region struct {
	name  string
	codes []string
}

// regions come before countries when a name is looked up: NA is North America,
// not Namibia.
var regions = []region{
	{"EU", split("AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE")},
	{"EEA", split("AT BE BG HR CY CZ DK EE FI FR DE GR HU IS IE IT LI LV LT LU MT NL NO PL PT RO SK SI ES SE")},
	{"EUROPE", split("AD AL AT BA BE BG BY CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SK SM UA VA XK")},
	{"NORDICS", split("DK FI IS NO SE")},
	{"NA", split("CA MX US")},
	{"LATAM", split("AR BO BR BZ CL CO CR CU DO EC GT GY HN HT MX NI PA PE PR PY SR SV UY VE")},
	{"ASIA", split("AE AF AM AZ BD BH BN BT CN GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TM TR TW UZ VN YE")},
	{"MIDEAST", split("AE BH IL IQ IR JO KW LB OM PS QA SA SY TR YE")},
	{"OCEANIA", split("AU FJ NZ PG")},
	{"NAMIBIA", split("NA")}, // its code reads as the region
	{"AFRICA", split("AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ NA NE NG RE RW SC SD SL SN SO SS SZ TD TG TN TZ UG ZA ZM ZW")},
}

func split(s string) []string { return strings.Fields(s) }

// countryCode is the index of every code of the table.
var countryCode = func() (set placeSet) {
	for _, c := range countries {
		set.add(c.code)
	}
	return set
}()

// placeSet is a set of two-letter codes.
type placeSet [(26*26 + 63) / 64]uint64

func placeBit(code string) (int, bool) {
	if len(code) != 2 || code[0] < 'A' || code[0] > 'Z' || code[1] < 'A' || code[1] > 'Z' {
		return 0, false
	}
	return int(code[0]-'A')*26 + int(code[1]-'A'), true
}

func (p *placeSet) add(code string) {
	if bit, ok := placeBit(code); ok {
		p[bit/64] |= 1 << (bit % 64)
	}
}

func (p *placeSet) has(code string) bool {
	bit, ok := placeBit(code)
	return ok && p[bit/64]&(1<<(bit%64)) != 0
}

// findPlace is the canonical name of a region, country code or country written
// in any case: "eu" → "EU", "de" and "germany" → "DE".
func findPlace(s string) (string, bool) {
	if len(s) < 2 {
		return "", false
	}
	for i := range regions {
		if len(regions[i].name) == len(s) && equalFold(regions[i].name, s) {
			return regions[i].name, true
		}
	}
	for _, short := range shortNames {
		if len(short.name) == len(s) && equalFold(short.name, s) {
			return short.code, true
		}
	}
	if len(s) == 2 {
		code := upper2(s)
		if countryCode.has(code) {
			return code, true
		}
		return "", false
	}
	code := codeOfName(s)
	return code, code != ""
}

// codeOfName is the code of the country of that name, in any case, or "".
func codeOfName(name string) string {
	for i := range countries {
		if len(countries[i].name) == len(name) && equalFold(countries[i].name, name) {
			return countries[i].code
		}
	}
	return ""
}

// placeCodes is what a canonical place stands for: the countries of a region, or itself.
func placeCodes(place string) []string {
	for i := range regions {
		if regions[i].name == place {
			return regions[i].codes
		}
	}
	return []string{place}
}

// isRegion reports whether a canonical place stands for more than itself.
func isRegion(place string) bool {
	for i := range regions {
		if regions[i].name == place {
			return true
		}
	}
	return false
}

func upper2(s string) string {
	if s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z' {
		return s
	}
	return strings.ToUpper(s)
}
