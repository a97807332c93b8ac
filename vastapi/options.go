package vastapi

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// DefaultBaseURL is where the API lives (official client, api/client.py).
const DefaultBaseURL = "https://console.vast.ai"

// Key gives out the API key at the moment a request is made. Implementations
// must print as something harmless under every formatting verb.
type Key interface{ Reveal() string }

// KeyFunc is a Key that is asked anew for each request. A function prints as an
// address, so a Client never holds the key in anything printable.
type KeyFunc func() string

// Reveal returns the key.
func (f KeyFunc) Reveal() string { return f() }

// Option sets one thing about a Client.
type Option func(*settings) error

type settings struct {
	base      *url.URL
	key       KeyFunc
	transport http.RoundTripper
	tap       func(http.RoundTripper) http.RoundTripper
	intervals Intervals
	limits    Limits
	agent     string
	readOnly  bool
	log       *slog.Logger
	pacer     *pacer
}

// WithKey sends the key with every request. Without it only what needs no
// account works: searching offers.
func WithKey(k Key) Option {
	return func(s *settings) error {
		if k != nil {
			s.key = k.Reveal
		}
		return nil
	}
}

// WithBaseURL sends all requests to another server. It must be https, or http
// on this machine's loopback: anything else would show the key to the network.
func WithBaseURL(raw string) Option {
	return func(s *settings) error {
		base, err := parseBase(raw)
		s.base = base
		return err
	}
}

// WithTransport sends requests through rt in place of the network.
func WithTransport(rt http.RoundTripper) Option {
	return func(s *settings) error {
		s.transport = rt
		return nil
	}
}

// WithTap puts what tap returns above the network, or above what WithTransport gives:
// every request that leaves passes it, those to other hosts for logs included. nil
// changes nothing.
func WithTap(tap func(http.RoundTripper) http.RoundTripper) Option {
	return func(s *settings) error {
		s.tap = tap
		return nil
	}
}

// WithIntervals replaces DefaultIntervals. The zero Intervals waits for nothing.
func WithIntervals(i Intervals) Option {
	return func(s *settings) error {
		s.intervals = i
		return nil
	}
}

// WithPacerOf has the client wait its turn with another one, whose intervals then
// hold for both: the server counts by address as well as by key, so that a second
// key is no second budget. What the other has learnt of the server's limits stays
// known. nil changes nothing.
func WithPacerOf(other *Client) Option {
	return func(s *settings) error {
		if other != nil {
			s.pacer = other.pacer
		}
		return nil
	}
}

// WithLimits replaces DefaultLimits.
func WithLimits(l Limits) Option {
	return func(s *settings) error {
		s.limits = l
		return nil
	}
}

// WithUserAgent sets the product token that is sent, e.g. "vastdeck/0.1".
func WithUserAgent(agent string) Option {
	return func(s *settings) error {
		s.agent = agent
		return nil
	}
}

// WithReadOnly makes the transport refuse every request that is not known to
// change nothing, whoever makes it.
func WithReadOnly(on bool) Option {
	return func(s *settings) error {
		s.readOnly = on
		return nil
	}
}

// WithLog writes one line per request at debug level: method, path, status,
// bytes, time. Neither headers nor bodies are ever written.
func WithLog(l *slog.Logger) Option {
	return func(s *settings) error {
		s.log = l
		return nil
	}
}

func parseBase(raw string) (*url.URL, error) {
	base, err := url.Parse(strings.TrimRight(raw, "/"))
	if err != nil {
		return nil, errors.New("the API address cannot be read as a URL; it should look like " + DefaultBaseURL)
	}
	shown := base.Scheme + "://" + base.Host // what stands beyond that may be a key
	switch {
	case base.Host == "" || base.Hostname() == "":
		return nil, errors.New("the API address names no host; it should look like " + DefaultBaseURL)
	case base.User != nil:
		return nil, errors.New("the API address must not hold a user name or password")
	case base.Path != "" || base.RawQuery != "" || base.Fragment != "":
		return nil, fmt.Errorf("the API address %s must end after the host", quoted(shown))
	case base.Scheme == "https", base.Scheme == "http" && isLoopback(base.Hostname()):
		return base, nil
	}
	return nil, fmt.Errorf("the API address %s must begin with https:// (http:// only on this machine), or the key could be read on the way", quoted(shown))
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
