package vastapi

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"
)

// Client speaks to the API. It is safe for use by several goroutines, which
// then share its pacer: make one per account and program, and have all of a
// program share one pacer (WithPacerOf).
type Client struct {
	base      *url.URL
	key       KeyFunc
	agent     string
	intervals Intervals
	limits    Limits
	log       *slog.Logger

	reads     *http.Client
	writes    *http.Client
	elsewhere *http.Client // for texts that lie on another host; it never has the key
	idle      []*http.Transport
	pacer     *pacer
	fuse      *breaker
	chain     link
	texts     *texts // of offers, the same from page to page
	denied    refusals
	quotas    quotas

	requests atomic.Int64
	skew     atomic.Int64
	dated    atomic.Bool // an answer has told the server's time
}

// New returns a Client. It makes no request, so it fails only on an option that
// makes no sense; the error is a sentence for the user.
func New(opts ...Option) (*Client, error) {
	s := settings{intervals: DefaultIntervals(), limits: DefaultLimits(), agent: "vastdeck", log: slog.New(slog.DiscardHandler)}
	opts = append([]Option{WithBaseURL(DefaultBaseURL)}, opts...)
	for _, o := range opts {
		if err := o(&s); err != nil {
			return nil, err
		}
	}
	c := &Client{
		base: s.base, key: s.key, agent: s.agent, intervals: s.intervals, limits: s.limits, log: s.log,
		pacer: newPacer(s.intervals), fuse: newBreaker(s.intervals),
		texts: newTexts(maxTexts),
	}
	if s.pacer != nil {
		c.pacer = s.pacer
	}
	c.connect(s)
	c.chain = c.learnt(c.retried(c.spared(c.fused(c.paced(c.understood(c.logged(c.send)))))))
	return c, nil
}

// BaseURL returns where requests go, e.g. https://console.vast.ai.
func (c *Client) BaseURL() string { return c.base.String() }

// Close gives up idle connections.
func (c *Client) Close() {
	for _, t := range c.idle {
		t.CloseIdleConnections()
	}
}

// Format prints the client's address and nothing it holds, whatever the verb.
func (c *Client) Format(f fmt.State, _ rune) { _, _ = fmt.Fprintf(f, "vastapi.Client(%s)", c.base) }

// Health is how the connection is doing.
type Health struct {
	Requests int64         // sent since the client was made
	Failures int           // in a row, up to now
	Paused   time.Time     // reads rest until then; zero = they do not
	Skew     time.Duration // server's clock minus this one, as of the last answer; precise to a second
	Dated    bool          // an answer has told the server's time; without one Skew says nothing
}

// Health returns how the connection is doing.
func (c *Client) Health() Health {
	failures, until := c.fuse.state()
	return Health{
		Requests: c.requests.Load(),
		Failures: failures,
		Paused:   until,
		Skew:     time.Duration(c.skew.Load()),
		Dated:    c.dated.Load(),
	}
}
