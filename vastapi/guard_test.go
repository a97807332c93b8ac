package vastapi

import (
	"errors"
	"net/http"
	"net/url"
	"testing"
)

type nowhere struct{ t *testing.T }

func (n nowhere) RoundTrip(r *http.Request) (*http.Response, error) {
	n.t.Errorf("%s %s left", r.Method, r.URL)
	return nil, errors.New("left")
}

// The second of two guards: even what would get past the refusal of redirects
// leaves for no other host.
func TestNoRequestLeavesForAnotherHost(t *testing.T) {
	t.Parallel()
	base, err := url.Parse("https://console.vast.ai")
	if err != nil {
		t.Fatal(err)
	}
	g := &hostGuard{next: nowhere{t}, base: base}
	for _, target := range []string{
		"https://evil.console.vast.ai/", "http://console.vast.ai/", "https://console.vast.ai:444/", "https://evil.example/", "https://console.vast.ai.evil.example/", "https://user@evil.example/",
	} {
		r, err := http.NewRequest(http.MethodGet, target, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := g.RoundTrip(r); !errors.Is(err, errForeignHost) {
			t.Errorf("%s: %v", target, err)
		}
	}
	r, err := http.NewRequest(http.MethodGet, "https://console.vast.ai/", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "evil.example"
	if _, err := g.RoundTrip(r); !errors.Is(err, errForeignHost) {
		t.Errorf("another Host header: %v", err)
	}
}

func TestOnlyKnownReadsCountAsReads(t *testing.T) {
	t.Parallel()
	for line, want := range map[[2]string]bool{
		{"GET", "/api/v1/instances/"}: true, {"POST", "/api/v0/bundles/"}: true, {"PUT", "/api/v0/search/asks/"}: true, {"POST", "/api/v0/volumes/search/"}: true,
		{"PUT", "/api/v0/instances/request_logs/5/"}: true, {"PUT", "/api/v0/asks/5/"}: false, {"DELETE", "/api/v0/instances/5/"}: false, {"PUT", "/api/v0/instances/5/"}: false,
		{"POST", "/api/v0/bundles/../asks/5/"}: false, {"POST", "/api/v0/asks/bulk/"}: false, {"PUT", "/api/v0/instances/request_logs/5/x/"}: false,
		{"PATCH", "/api/v0/bundles/"}: false, {"HEAD", "/"}: false, {"PUT", "/api/v0/bundles/"}: false, {"PUT", "/api/v0/volumes/"}: false, {"POST", "/api/v0/secrets/"}: false,
	} {
		if isRead(line[0], line[1]) != want {
			t.Errorf("%s %s counts as a read: %v", line[0], line[1], !want)
		}
	}
}
