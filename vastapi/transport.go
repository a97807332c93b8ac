package vastapi

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
)

// connect makes the two HTTP clients. Reads keep connections; each write gets
// one of its own, because a kept connection that the server closes at that very
// moment would make the outcome unknown. HTTP/2 is off: its debugging output
// prints the key.
func (c *Client) connect(s settings) {
	read, write := s.transport, s.transport
	if s.transport == nil {
		kept := newTransport(s.limits)
		kept.ResponseHeaderTimeout = s.limits.Header
		single := newTransport(s.limits)
		single.DisableKeepAlives = true
		read, write, c.idle = kept, single, []*http.Transport{kept}
	}
	if s.tap != nil {
		read, write = s.tap(read), s.tap(write)
	}
	c.reads, c.writes = c.guarded(read, s.readOnly), c.guarded(write, s.readOnly)
	c.elsewhere = &http.Client{Transport: &outputGuard{next: read, base: c.base}, CheckRedirect: stay}
}

func newTransport(l Limits) *http.Transport {
	t := &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: l.Dial}).DialContext,
		TLSHandshakeTimeout: l.TLS,
		MaxIdleConns:        4,
		IdleConnTimeout:     l.Long,
		Protocols:           new(http.Protocols),
	}
	t.Protocols.SetHTTP1(true)
	return t
}

// guarded returns an HTTP client that follows nothing and leaves the base host
// never: Go keeps the Authorization header for sub-domains, for other ports and
// for http, and on 307 sends the body anywhere.
func (c *Client) guarded(rt http.RoundTripper, readOnly bool) *http.Client {
	return &http.Client{
		Transport:     &hostGuard{next: rt, base: c.base, readOnly: readOnly},
		CheckRedirect: stay,
	}
}

// stay follows no redirect.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// errReadOnly says that a request was refused because only reads are allowed.
var errReadOnly = errors.New("this session only reads")

// errForeignHost says that a request would have left the API's host.
var errForeignHost = errors.New("the request would leave the API's host")

type hostGuard struct {
	next     http.RoundTripper
	base     *url.URL
	readOnly bool
}

// RoundTrip sends requests for the base host on and refuses all others.
func (g *hostGuard) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != g.base.Scheme || r.URL.Host != g.base.Host || (r.Host != "" && r.Host != g.base.Host) {
		return nil, fmt.Errorf("%w: %s", errForeignHost, quoted(r.URL.Host))
	}
	if g.readOnly && !isRead(r.Method, r.URL.Path) {
		return nil, fmt.Errorf("%w: %s %s", errReadOnly, r.Method, quoted(r.URL.Path))
	}
	return g.next.RoundTrip(r)
}

// outputGuard lets nothing but reading a text that was asked for leave for another
// host, by https and without the key. The API's own host is another one here too:
// only this machine's loopback may be asked without https.
type outputGuard struct {
	next http.RoundTripper
	base *url.URL
}

// RoundTrip sends such reads on and refuses everything else.
func (g *outputGuard) RoundTrip(r *http.Request) (*http.Response, error) {
	safe := r.URL.Scheme == "https" || isLoopback(r.URL.Hostname()) && r.URL.Host == g.base.Host
	if !safe || r.Method != http.MethodGet || r.Body != nil || r.URL.User != nil || r.Header.Get("Authorization") != "" {
		return nil, fmt.Errorf("%w: %s", errForeignHost, quoted(r.URL.Host))
	}
	return g.next.RoundTrip(r)
}

// readPaths are the paths that read although their method is not GET: searches
// carry their filter in a body, and asking for logs is a PUT.
var readPaths = map[string]*regexp.Regexp{
	http.MethodPost: regexp.MustCompile(`^/api/v0/(bundles|volumes/search)/$`),
	http.MethodPut:  regexp.MustCompile(`^/api/v0/(search/asks|instances/request_logs/[0-9]+)/$`),
}

// isRead reports whether a request is known to change nothing.
func isRead(method, path string) bool {
	if method == http.MethodGet {
		return true
	}
	allowed := readPaths[method]
	return allowed != nil && allowed.MatchString(path)
}
