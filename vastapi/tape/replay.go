package tape

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Player answers requests from a recording, without a network. Requests that are alike
// get the answers that such requests had, in their order and then the last one again,
// each after the time that it took. Times in answers are moved by as much as the replay
// is later than the recording.
type Player struct {
	started time.Time
	shift   float64 // s
	torn    bool

	mu    sync.Mutex
	reels map[string]*reel // by shape
	paths map[string]*reel // by method and path alone
}

// reel is the answers to one shape of requests.
type reel struct {
	lines []line
	next  int
}

func (r *reel) take() line {
	l := r.lines[r.next]
	if r.next < len(r.lines)-1 {
		r.next++
	}
	return l
}

// Open reads a recording. Its error is a sentence for the user. A last line that ends in
// the middle is left out: the session was killed while it was written.
func Open(from io.Reader) (*Player, error) {
	end := &ending{from: from}
	in := bufio.NewScanner(end)
	in.Buffer(make([]byte, 64<<10), MaxBytes)
	if !in.Scan() {
		return nil, errors.New("this is no recording: it is empty, or its first line is too long")
	}
	var h header
	if err := json.Unmarshal(in.Bytes(), &h); err != nil || h.Version <= 0 || h.Started.IsZero() {
		return nil, errors.New("this is no recording of a session: its first line does not say so")
	}
	if h.Version > Version {
		return nil, fmt.Errorf("this recording was made by a newer version (format %d, this one reads up to %d): use that version, or a newer one", h.Version, Version)
	}
	p := &Player{started: h.Started, shift: time.Since(h.Started).Seconds(), reels: map[string]*reel{}, paths: map[string]*reel{}}
	for n := 2; in.Scan(); n++ {
		var l line
		if err := json.Unmarshal(in.Bytes(), &l); err != nil || l.Method == "" || l.Path == "" {
			if p.torn = err != nil && !in.Scan() && in.Err() == nil && end.last != '\n'; p.torn {
				return p, nil
			}
			return nil, fmt.Errorf("line %d of the recording cannot be read: the file is damaged", n)
		}
		put(p.reels, shape(l), l)
		put(p.paths, l.Method+" "+l.Path, l)
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("the recording cannot be read to its end: %w", err)
	}
	return p, nil
}

func put(reels map[string]*reel, key string, l line) {
	r := reels[key]
	if r == nil {
		r = &reel{}
		reels[key] = r
	}
	r.lines = append(r.lines, l)
}

// Torn reports whether the recording ends in the middle of a line, which is left out.
func (p *Player) Torn() bool { return p.torn }

// ending remembers the last byte that was read.
type ending struct {
	from io.Reader
	last byte
}

func (e *ending) Read(b []byte) (int, error) {
	n, err := e.from.Read(b)
	if n > 0 {
		e.last = b[n-1]
	}
	return n, err
}

// Started is when the recording was begun.
func (p *Player) Started() time.Time { return p.started }

// shape is what tells requests apart: method, path, query and body, but for times,
// which differ from run to run.
func shape(l line) string {
	body := ""
	if v, ok := decode(l.Body); ok && len(l.Body) > 0 {
		text, _ := encode(timeless(v))
		body = string(text)
	}
	return l.Method + " " + l.Path + "?" + timelessDigits(l.Query) + " " + body
}

// timeless replaces numbers that are times.
func timeless(v any) any {
	switch x := v.(type) {
	case json.Number:
		if isTime(x) {
			return "time"
		}
	case map[string]any:
		for k, inner := range x {
			x[k] = timeless(inner)
		}
	case []any:
		for n, inner := range x {
			x[n] = timeless(inner)
		}
	}
	return v
}

// isTime reports whether a number is a time in seconds between 1998 and 2100.
func isTime(n json.Number) bool {
	f, err := n.Float64()
	return err == nil && f > 9e8 && f < 4.2e9
}

// timelessDigits is a query in which runs of digits that are times are replaced.
func timelessDigits(query string) string {
	var out strings.Builder
	for len(query) > 0 {
		n := strings.IndexFunc(query, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
		if n < 0 {
			n = len(query)
		}
		if n == 0 {
			out.WriteByte(query[0])
			query = query[1:]
			continue
		}
		if isTime(json.Number(query[:n])) {
			out.WriteString("time")
		} else {
			out.WriteString(query[:n])
		}
		query = query[n:]
	}
	return out.String()
}

// RoundTrip answers a request.
func (p *Player) RoundTrip(q *http.Request) (*http.Response, error) {
	l, err := p.find(q)
	if err != nil {
		return nil, err
	}
	if err := pause(q.Context(), time.Duration(l.Took)*time.Millisecond); err != nil {
		return nil, err
	}
	if l.Broken != "" {
		return nil, errors.New("the connection broke, as it did in the recording")
	}
	return p.response(q, l), nil
}

// find is the answer that is due.
func (p *Player) find(q *http.Request) (line, error) {
	asked := line{Method: q.Method, Path: q.URL.Path}
	known := &redactor{}
	asked.Query = known.query(q.URL.RawQuery)
	if q.Body != nil {
		raw, err := io.ReadAll(q.Body)
		_ = q.Body.Close()
		if err != nil {
			return line{}, err
		}
		asked.Body, _ = known.body(raw)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if r := p.reels[shape(asked)]; r != nil {
		return r.take(), nil
	}
	if r := p.paths[q.Method+" "+elsewhere]; r != nil && p.paths[q.Method+" "+q.URL.Path] == nil {
		return r.take(), nil
	}
	return line{Status: http.StatusBadRequest, Type: "application/json", Answer: json.RawMessage(unasked)}, nil
}

// CodeNotRecorded is the error code of an answer to what nobody asked while it was recorded.
const CodeNotRecorded = "not_recorded"

const unasked = `{"success":false,"error":"` + CodeNotRecorded + `","msg":"this was not asked in the recorded session, so there is no answer to it"}`

func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

func (p *Player) response(q *http.Request, l line) *http.Response {
	body := []byte(l.Text)
	if len(l.Answer) > 0 {
		body = p.moved(l.Answer)
	}
	h := http.Header{}
	for name, v := range map[string]string{"Content-Type": l.Type, "Retry-After": l.Retry} {
		if v != "" {
			h.Set(name, v)
		}
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", l.Status, http.StatusText(l.Status)), StatusCode: l.Status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: h, Body: io.NopCloser(strings.NewReader(string(body))), ContentLength: int64(len(body)), Request: q,
	}
}

// timeNames are the fields that hold times in seconds.
var timeNames = []string{"start_date", "end_date", "created_at", "start", "end", "timestamp", "time", "first_seen", "recent_create_date", "when"}

// moved is an answer with its times as much later as the replay is. Addresses that were
// left out become ones that lead nowhere.
func (p *Player) moved(answer []byte) []byte {
	v, ok := decode(answer)
	if !ok {
		return answer
	}
	out, err := encode(p.move("", v))
	if err != nil {
		return answer
	}
	return out
}

func (p *Player) move(name string, v any) any {
	switch x := v.(type) {
	case json.Number:
		if f, err := x.Float64(); err == nil && isTime(x) && slices.Contains(timeNames, name) {
			return f + p.shift
		}
	case string:
		if name == "result_url" && x == hidden {
			return "https://recording.invalid" + elsewhere
		}
	case map[string]any:
		for k, inner := range x {
			x[k] = p.move(k, inner)
		}
	case []any:
		for n, inner := range x {
			x[n] = p.move(name, inner)
		}
	}
	return v
}
