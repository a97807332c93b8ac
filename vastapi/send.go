package vastapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"time"

	"vastdeck/vastapi/safetext"
)

var (
	errTotal   = errors.New("the whole answer took too long")
	errStalled = errors.New("no more of the answer came")
	errTooLong = errors.New("the answer is longer than is ever read")
)

// send makes r an HTTP request, waits for the answer and reads it to its end.
func (c *Client) send(ctx context.Context, r *request) (*answer, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if r.total > 0 {
		t := time.AfterFunc(r.total, func() { cancel(errTotal) })
		defer t.Stop()
	}
	gone := &departure{}
	h, err := c.httpRequest(httptrace.WithClientTrace(ctx, gone.trace()), r)
	if err != nil {
		r.untouched = true
		return nil, c.failure(r, err)
	}
	c.requests.Add(1)
	resp, err := c.client(r).Do(h)
	if err != nil {
		r.untouched = gone.never(err)
		return nil, c.failure(r, because(ctx, err))
	}
	defer func() { _ = resp.Body.Close() }()
	c.noteClock(resp.Header.Get("Date"))
	buf := c.buffer(sizeHint(resp.ContentLength, r.size))
	body, err := readBody(resp, buf, r.size, c.limits.Stall, func() { cancel(errStalled) })
	a := &answer{status: resp.StatusCode, header: resp.Header, body: body, buf: buf}
	if err != nil {
		return a, c.failure(r, because(ctx, err))
	}
	return a, nil
}

func (c *Client) client(r *request) *http.Client {
	if r.write {
		return c.writes
	}
	return c.reads
}

func (c *Client) httpRequest(ctx context.Context, r *request) (*http.Request, error) {
	u := *c.base
	u.Path, u.RawQuery = r.path, r.query
	var body io.Reader
	if r.body != nil {
		body = bytes.NewReader(r.body)
	}
	h, err := http.NewRequestWithContext(ctx, r.method, u.String(), body)
	if err != nil {
		return nil, fmt.Errorf("making the request: %w", err)
	}
	if r.write {
		// Without it Go's transport cannot send the body a second time. There
		// is no Idempotency-Key header for the same reason: Go takes one as
		// leave to send again.
		h.GetBody = nil
	}
	h.Header.Set("Accept", "application/json")
	h.Header.Set("User-Agent", c.agent)
	if r.body != nil {
		h.Header.Set("Content-Type", "application/json")
	}
	if key := c.reveal(); key != "" {
		h.Header.Set("Authorization", "Bearer "+key)
	}
	return h, nil
}

func (c *Client) reveal() string {
	if c.key == nil {
		return ""
	}
	return strings.TrimSpace(c.key())
}

// departure finds out whether a request ever got as far as a connection.
type departure struct{ asked, connected bool }

func (d *departure) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) { d.asked = true },
		GotConn: func(httptrace.GotConnInfo) { d.connected = true },
	}
}

// never reports whether it is certain that no byte left. Looking whether the
// headers were written would not do: a request that is cancelled may be written
// by another goroutine after the answer to that question.
func (d *departure) never(err error) bool {
	var dial *net.OpError
	switch {
	case errors.Is(err, errReadOnly), errors.Is(err, errForeignHost):
		return true
	case d.connected:
		return false
	}
	return d.asked || (errors.As(err, &dial) && dial.Op == "dial")
}

// because prefers the reason a context was cancelled for to what became of it.
func because(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// readBody reads an answer to its end. The limit counts decompressed bytes, and
// late is called when stall passes without one. The bytes are those of buf.
func readBody(resp *http.Response, buf *bytes.Buffer, limit int64, stall time.Duration, late func()) ([]byte, error) {
	src := io.Reader(resp.Body)
	if stall > 0 {
		t := time.AfterFunc(stall, late)
		defer t.Stop()
		src = &watched{src: src, timer: t, stall: stall}
	}
	n, err := buf.ReadFrom(io.LimitReader(src, limit+1))
	switch {
	case err != nil:
		return buf.Bytes(), err
	case n > limit:
		return nil, fmt.Errorf("%w: more than %d MB", errTooLong, limit>>20)
	}
	return buf.Bytes(), nil
}

func sizeHint(length, limit int64) int {
	if length <= 0 {
		return 4 << 10
	}
	return int(min(length, limit, 64<<20)) + bytes.MinRead
}

// watched restarts a timer whenever a byte arrives.
type watched struct {
	src   io.Reader
	timer *time.Timer
	stall time.Duration
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.src.Read(p)
	if n > 0 {
		w.timer.Reset(w.stall)
	}
	return n, err
}

// noteClock keeps how far the server's clock is from ours, to the second.
func (c *Client) noteClock(date string) {
	if at, err := http.ParseTime(date); err == nil {
		c.skew.Store(int64(time.Until(at).Round(time.Second)))
		c.dated.Store(true)
	}
}

// failure is the Error for a request that brought no usable answer.
func (c *Client) failure(r *request, err error) *Error {
	if e := asError(err); e != nil {
		return e
	}
	kind := KindTransport
	var slow interface{ Timeout() bool }
	switch {
	case errors.Is(err, errReadOnly):
		kind = KindReadOnly
	case errors.Is(err, errTotal), errors.Is(err, errStalled), errors.Is(err, context.DeadlineExceeded):
		kind = KindTimeout
	case errors.Is(err, context.Canceled):
		kind = KindCancelled
	case errors.Is(err, errTooLong):
		kind = KindServer
	case errors.As(err, &slow) && slow.Timeout():
		kind = KindTimeout
	}
	e := c.newError(r, kind)
	e.Message = c.said(r, innermost(err).Error())
	e.Cause = inertCause{text: e.Message, err: err}
	return e
}

// innermost leaves out the method and address that net/http puts before a cause.
func innermost(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

func (c *Client) newError(r *request, kind Kind) *Error {
	return &Error{Kind: kind, Method: r.method, Path: r.path, At: time.Now()}
}

// words makes a message from outside fit to be shown: without the key, should
// the server repeat it, and inert.
func (c *Client) words(s string) string {
	if key := c.reveal(); len(key) >= 8 {
		s = strings.ReplaceAll(s, key, "[key]")
		s = strings.ReplaceAll(s, url.QueryEscape(key), "[key]")
	}
	return safetext.Clean(strings.TrimSpace(s), safetext.MaxRunes)
}
