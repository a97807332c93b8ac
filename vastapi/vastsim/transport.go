package vastsim

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"time"
)

// transport is an http.RoundTripper without a socket. It starts no goroutine:
// the world answers at once, and waiting happens here, on the caller's own
// goroutine, where it ends with the request's context.
type transport struct{ w *World }

// RoundTrip answers q the way a listening server would, including broken
// connections, which are transport errors here.
func (t transport) RoundTrip(q *http.Request) (*http.Response, error) {
	if q.Body != nil {
		defer q.Body.Close()
	}
	ctx := q.Context()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	a := t.w.handle(q)
	if !pause(ctx.Done(), a.hold) {
		return nil, ctx.Err()
	}
	if a.broken {
		return nil, io.ErrUnexpectedEOF
	}
	h := http.Header{}
	h.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	h.Set("Content-Type", a.kind)
	for k, v := range a.header {
		h.Set(k, v)
	}
	r := &http.Response{
		Status: strconv.Itoa(a.status) + " " + http.StatusText(a.status), StatusCode: a.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: h, Request: q, ContentLength: -1,
	}
	if a.pad == 0 && a.drip == 0 {
		r.ContentLength = int64(len(a.body))
		h.Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	r.Body = bodyReader{a.reader(ctx.Done()), ctx.Err}
	return r, nil
}

// bodyReader reports the context's own error when reading was cut short by it.
type bodyReader struct {
	io.Reader
	why func() error
}

func (b bodyReader) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == errGone {
		err = b.why()
	}
	return n, err
}

func (bodyReader) Close() error { return nil }

// reader is the body of a: at once, or in pieces with pauses, then the padding.
func (a answer) reader(gone <-chan struct{}) io.Reader {
	var r io.Reader = bytes.NewReader(a.body)
	if a.pad > 0 {
		r = io.MultiReader(r, io.LimitReader(spaces{}, a.pad))
	}
	if a.drip > 0 {
		r = &dripper{r, a.drip, gone}
	}
	return r
}

// spaces is an endless run of JSON white space.
type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// dripSize is how many bytes a slow answer gives at a time.
const dripSize = 64

// dripper lets a body through in small pieces with a pause before each.
type dripper struct {
	r     io.Reader
	every time.Duration
	gone  <-chan struct{}
}

func (d *dripper) Read(p []byte) (int, error) {
	if !pause(d.gone, d.every) {
		return 0, errGone
	}
	return d.r.Read(p[:min(len(p), dripSize)])
}
