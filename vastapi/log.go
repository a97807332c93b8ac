package vastapi

import (
	"context"
	"log/slog"
	"time"

	"vastdeck/vastapi/safetext"
)

// logged writes a line for each request that leaves. There are no headers in
// it, because of the key, and no bodies, because of the values of variables.
func (c *Client) logged(next link) link {
	return func(ctx context.Context, r *request) (*answer, error) {
		if !c.log.Enabled(ctx, slog.LevelDebug) {
			return next(ctx, r)
		}
		start := time.Now()
		a, err := next(ctx, r)
		line := []any{"method", r.method, "path", r.path, "took", time.Since(start).Round(time.Millisecond)}
		if a != nil {
			line = append(line, "status", a.status, "bytes", len(a.body))
		}
		if e := asError(err); e != nil {
			line = append(line, "kind", string(e.Kind), "error", safetext.Quote(e.Message, 200))
		}
		if a != nil && !isJSON(a.body) {
			line = append(line, "body", safetext.Quote(c.said(r, string(a.body[:min(len(a.body), 200)])), 300))
		}
		c.log.DebugContext(ctx, "request", line...)
		return a, err
	}
}

// isJSON reports whether body begins like an object or an array; what does not
// is a page of some proxy and worth a look.
func isJSON(body []byte) bool {
	s := scanner{b: body}
	c := s.peek()
	return c == '{' || c == '['
}
