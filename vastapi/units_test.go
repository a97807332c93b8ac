package vastapi_test

import (
	"crypto/x509"
	"encoding/json"
	"errors"
	"math"
	"net"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
)

func TestRatesAndSizesConvertAsTheAPIConverts(t *testing.T) {
	t.Parallel()
	close := func(got, want float64) bool { return math.Abs(got-want) < 1e-8 }
	for name, ok := range map[string]bool{
		"disk per hour":   close(float64(vastapi.PerGBMonth(0.1493333).Hourly(10)), 0.00207407),
		"rate per month":  close(float64((vastapi.Rate(0.45) + vastapi.PerGBMonth(0.12).Hourly(64)).Month()), 331.68),
		"rate per day":    close(float64(vastapi.Rate(0.5).Day()), 12),
		"rate for 90 min": close(float64(vastapi.Rate(2).For(90*time.Minute)), 3),
		"traffic":         close(float64(vastapi.PerGB(0.005).Cost(100)), 0.5),
		"unknown spreads": !vastapi.Known(vastapi.Rate(1) + vastapi.Unknown[vastapi.Rate]()),
		"flags":           vastapi.FlagOf(true).Yes() && vastapi.FlagOf(false).No() && !vastapi.FlagUnknown.Yes() && !vastapi.FlagUnknown.No(),
	} {
		if !ok {
			t.Error(name)
		}
	}
	out, err := json.Marshal([]any{vastapi.Rate(0.25), vastapi.Unknown[vastapi.Rate](), vastapi.Amount(math.Inf(1)), vastapi.GB(1e21)})
	if err != nil || string(out) != `[0.25,null,null,1e+21]` {
		t.Errorf("%s, %v", out, err)
	}
}

func TestAPreviewOfACallHoldsNoSecret(t *testing.T) {
	t.Parallel()
	for _, call := range calls() {
		preview, err := call.Preview()
		if err != nil || !json.Valid(preview) || strings.Contains(string(preview), "secret value") {
			t.Errorf("%T: %s, %v", call, preview, err)
		}
	}
	create := vastapi.CreateInstance{Offer: 1, Image: "i", Disk: 8, Env: map[string]string{"A": "x", "-p 80:80": "1"}}
	preview, _ := create.Preview()
	if body, _ := create.Body(); !strings.Contains(string(preview), `"-p 80:80":"1"`) || !strings.Contains(string(body), `"A":"x"`) {
		t.Errorf("%s", preview)
	}
}

func TestATransportErrorNamesItsCause(t *testing.T) {
	t.Parallel()
	for want, cause := range map[string]error{
		"clock":          x509.CertificateInvalidError{Reason: x509.Expired},
		"not trusted":    x509.UnknownAuthorityError{},
		"name cannot be": &net.DNSError{Err: "no such host", Name: "console.vast.ai"},
		"No connection":  errors.New("reset"),
	} {
		api, _ := answering(t, fails(cause))
		_, err := api.User(t.Context())
		var e *vastapi.Error
		if !errors.As(err, &e) || !strings.Contains(e.Sentence(), want) || !errors.Is(err, cause) && want == "No connection" {
			t.Errorf("%v: %v", cause, err)
		}
	}
}
