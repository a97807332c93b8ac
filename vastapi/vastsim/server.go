package vastsim

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxBody is more than any request of the API needs.
const maxBody = 4 << 20

// body is a decoded JSON object of a request.
type body map[string]any

// request is one call as the handlers see it.
type request struct {
	method, path string
	args         url.Values
	raw          []byte
	body         body
	badBody      bool
	key          string // API key as sent, "" for none
	from         string // IP address of the client
	base         string // how the client reaches this server, for result URLs
	route        *route
	ids          []string // path parameters

	lies  bool // fault: ignore filters
	caps  bool // fault: give less disk than asked
	plain bool // fault: rent on demand whatever is bid
	late  bool // fault: somebody was faster
}

func (q *request) arg(name string) string { return q.args.Get(name) }

// id is the first path parameter as a number.
func (q *request) id() (int64, bool) { return q.number(0) }

func (q *request) number(i int) (int64, bool) {
	n, err := strconv.ParseInt(q.ids[i], 10, 64)
	return n, err == nil && n > 0
}

// answer is what goes back.
type answer struct {
	status int
	kind   string // Content-Type
	header map[string]string
	body   []byte

	broken bool          // nothing goes back, the connection breaks
	hold   time.Duration // real time before the first byte
	drip   time.Duration // real time between pieces of the body; 0 means at once
	pad    int64         // spaces after the body
}

// reply makes a JSON answer. The official client compares the content type for
// exact equality, so no charset is added.
func reply(status int, v any) answer {
	b, err := json.Marshal(v)
	if err != nil {
		return fail(500, "server_error", "answer could not be encoded: "+err.Error())
	}
	return answer{status: status, kind: "application/json", body: b}
}

// ok is the usual success, with more fields where the call has them.
func ok(more map[string]any) answer {
	v := map[string]any{"success": true}
	for k, x := range more {
		v[k] = x
	}
	return reply(200, v)
}

// fail is the usual error envelope.
func fail(status int, code, msg string) answer {
	return reply(status, map[string]any{"success": false, "error": code, "msg": msg})
}

// handle answers one HTTP request; waiting and breaking are left to the caller,
// who knows what the connection is.
func (w *World) handle(r *http.Request) answer {
	q := readRequest(r)
	call := &Call{At: time.Now(), Method: q.method, Path: r.URL.Path, Query: r.URL.RawQuery, Body: q.raw}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.advance()
	w.record(call)
	a := w.withFaults(q)
	if !a.broken {
		call.Status = a.status
	}
	return a
}

// readRequest takes everything the handlers need out of r.
func readRequest(r *http.Request) *request {
	q := &request{method: r.Method, path: r.URL.Path, args: r.URL.Query(), body: body{}}
	if r.Body != nil {
		q.raw, _ = io.ReadAll(io.LimitReader(r.Body, maxBody))
	}
	if len(bytes.TrimSpace(q.raw)) > 0 {
		q.badBody = json.Unmarshal(q.raw, &q.body) != nil || q.body == nil
		if q.badBody {
			q.body = body{}
		}
	}
	q.key = r.URL.Query().Get("api_key")
	if v, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); found {
		q.key = strings.TrimSpace(v)
	}
	q.from = r.RemoteAddr
	if h, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		q.from = h
	}
	host := r.Host
	if host == "" {
		host = r.URL.Host
	}
	scheme := "http"
	if r.TLS != nil || r.URL.Scheme == "https" {
		scheme = "https"
	}
	q.base = scheme + "://" + host
	return q
}

// respond finds the route, checks key and rate, and calls the handler. The
// caller holds mu and has advanced the world.
func (w *World) respond(q *request) answer {
	if token, found := strings.CutPrefix(q.path, "/_results/"); found && q.method == "GET" {
		return w.serveResult(token)
	}
	route, ids, otherMethod := w.match(q.method, q.path)
	if route == nil {
		if otherMethod {
			return fail(405, "invalid_request", "method "+q.method+" is not allowed here")
		}
		return fail(404, "not_found", "no such endpoint: "+q.path)
	}
	q.route, q.ids = route, ids
	if a, refused := w.refuse(q); refused {
		return a
	}
	if a, lacks := w.lacking(q); lacks {
		return a
	}
	if a, limited := w.limit(q); limited {
		return a
	}
	if q.badBody {
		return route.badBody()
	}
	w.note(q)
	return route.do(w, q)
}

// serveHTTP is the handler for a socket.
func (w *World) serveHTTP(rw http.ResponseWriter, r *http.Request) {
	a := w.handle(r)
	if !pause(r.Context().Done(), a.hold) {
		return
	}
	if a.broken {
		breakConnection(rw)
		return
	}
	h := rw.Header()
	h.Set("Content-Type", a.kind)
	for k, v := range a.header {
		h.Set(k, v)
	}
	if a.pad == 0 && a.drip == 0 {
		h.Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	rw.WriteHeader(a.status)
	if r.Method == http.MethodHead {
		return
	}
	src := a.reader(r.Context().Done())
	buf := make([]byte, 32<<10)
	for {
		n, err := src.Read(buf)
		if n > 0 {
			if _, werr := rw.Write(buf[:n]); werr != nil {
				return
			}
			if f, can := rw.(http.Flusher); can && a.drip > 0 {
				f.Flush()
			}
		}
		if err != nil {
			return
		}
	}
}

// pause waits for d of real time; false means that the client went away first.
func pause(gone <-chan struct{}, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-gone:
		return false
	}
}

// breakConnection ends the connection without an answer.
func breakConnection(rw http.ResponseWriter) {
	if hj, can := rw.(http.Hijacker); can {
		if conn, _, err := hj.Hijack(); err == nil {
			if tcp, isTCP := conn.(*net.TCPConn); isTCP {
				_ = tcp.SetLinger(0) // a reset, not a polite end
			}
			_ = conn.Close()
			return
		}
	}
	panic(http.ErrAbortHandler)
}
