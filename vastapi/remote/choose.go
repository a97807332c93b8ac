package remote

import (
	"context"
	"time"
)

// Chosen is the endpoint that was chosen, and why.
type Chosen struct {
	Endpoint Endpoint
	Why      string // a sentence
	// Own says that the shared connection that is open goes another way than the one
	// asked for: a session by this endpoint needs a connection of its own.
	Own bool
}

// ProbeLimit is how long a direct port has to answer.
const ProbeLimit = 2 * time.Second

// Choose decides how an instance is reached. Auto takes the way of the connection that
// is open, else the direct port when it answers a TCP connection within ProbeLimit, else
// the proxy; the other ways are obeyed without a look at the network. The error is a
// Failure, or says that the folders for ssh could not be made.
func (c *Client) Choose(ctx context.Context, t Target, w Way) (Chosen, error) {
	if t.Refused != "" {
		return Chosen{}, &Failure{Kind: FailNoWay, Sentence: t.Refused}
	}
	if err := c.Prepare(); err != nil {
		return Chosen{}, err
	}
	open, _ := c.Check(ctx, t.Instance)
	switch {
	case ctx.Err() != nil:
		return Chosen{}, context.Cause(ctx)
	case w == Direct:
		return forced(t.Direct, open, "It has no direct port.", "Go through the proxy, or rent with direct ports.")
	case w == Proxy:
		return forced(t.Proxy, open, "It has no proxy.", "Go directly.")
	case open.Endpoint.Given() && (open.Endpoint == t.Direct || open.Endpoint == t.Proxy):
		return Chosen{Endpoint: open.Endpoint, Why: "By the connection that is open: " + open.Endpoint.Way.String() + "."}, nil
	case !t.Direct.Given() && !t.Proxy.Given():
		return Chosen{}, &Failure{Kind: FailNoWay, Sentence: refusedNoPorts}
	case !t.Direct.Given():
		return Chosen{Endpoint: t.Proxy, Why: "Through the proxy: it has no direct port."}, nil
	}
	return c.tryDirect(ctx, t)
}

func (c *Client) tryDirect(ctx context.Context, t Target) (Chosen, error) {
	err := c.Probe(ctx, t.Direct)
	switch {
	case err == nil:
		return Chosen{Endpoint: t.Direct, Why: "Directly: its port answers."}, nil
	case ctx.Err() != nil:
		return Chosen{}, context.Cause(ctx)
	case t.Proxy.Given():
		return Chosen{Endpoint: t.Proxy, Why: "Through the proxy: " + probeWords(err)}, nil
	}
	return Chosen{}, err
}

func forced(e Endpoint, open Session, none, next string) (Chosen, error) {
	if !e.Given() {
		return Chosen{}, &Failure{Kind: FailNoWay, Sentence: none, Next: next}
	}
	own := open.Endpoint.Given() && open.Endpoint != e
	return Chosen{Endpoint: e, Why: "By the " + e.Way.String() + " way, as asked for.", Own: own}, nil
}

func probeWords(err error) string {
	f := FailureOf(err)
	switch {
	case f != nil && f.Kind == FailRefused:
		return "its direct port refuses connections."
	case f != nil && f.Kind == FailUnreachable:
		return "there is no way to its address from here."
	}
	return "its direct port did not answer within " + ProbeLimit.String() + "."
}
