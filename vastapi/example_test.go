package vastapi_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"vastdeck/vastapi"
)

// market answers every request alike; a program leaves WithTransport out.
type market struct{}

func (market) RoundTrip(r *http.Request) (*http.Response, error) {
	const answer = `{"offers":[{"id":77,"gpu_name":"RTX 4090","num_gpus":2,"dph_total":0.81,"geolocation":"Sweden, SE"}]}`
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(answer)), Request: r}, nil
}

func Example() {
	key := func() string { return "from the keyring, at each request" }
	api, err := vastapi.New(vastapi.WithKey(vastapi.KeyFunc(key)), vastapi.WithTransport(market{}))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer api.Close()
	page, err := api.SearchOffers(context.Background(), vastapi.OfferSearch{
		Filter: vastapi.Filter{"gpu_name": {"eq": "RTX 4090"}, "rentable": {"eq": true}},
		Order:  [][2]string{{"dph_total", "asc"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range page.Offers {
		fmt.Printf("%s: %d× %s in %s for $%.2f/h\n", o.ID, o.NumGPUs, o.GPUName, o.Country, o.DphTotal)
	}
	// Output: 77: 2× RTX 4090 in SE for $0.81/h
}
