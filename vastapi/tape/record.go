package tape

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// MaxBytes is how long a recording becomes: what comes later is left out.
const MaxBytes = 64 << 20

// Recorder writes what passes it. Its methods may be called from several goroutines.
type Recorder struct {
	host   string
	redact *redactor

	mu    sync.Mutex
	to    io.Writer
	begun time.Time
	room  int64
	err   error // why nothing more is written
}

// ErrFull says that a recording has become as long as it may.
var ErrFull = errors.New("the recording has reached its largest size; what came later is not in it")

// NewRecorder begins a recording of requests to host, "console.vast.ai". program is
// what records: "vastdeck 1.0".
func NewRecorder(to io.Writer, host, program string) (*Recorder, error) {
	r := &Recorder{host: host, redact: &redactor{}, to: to, begun: time.Now(), room: MaxBytes}
	r.write(header{Version: Version, Started: r.begun.UTC(), Program: program})
	return r, r.err
}

// Limit makes the recording end after so many bytes in place of MaxBytes.
func (r *Recorder) Limit(bytes int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.room = bytes
}

// Err says why nothing more is written, nil while something is.
func (r *Recorder) Err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// Tap returns next with everything that passes it recorded: a vastapi.WithTap.
func (r *Recorder) Tap(next http.RoundTripper) http.RoundTripper { return tap{r, next} }

type tap struct {
	r    *Recorder
	next http.RoundTripper
}

// RoundTrip sends the request on and records it once its answer has been read.
func (t tap) RoundTrip(q *http.Request) (*http.Response, error) {
	l := t.r.begin(q)
	start := time.Now()
	resp, err := t.next.RoundTrip(q)
	if err != nil {
		l.Broken = "connection"
		var slow interface{ Timeout() bool }
		if errors.As(err, &slow) && slow.Timeout() || q.Context().Err() != nil {
			l.Broken = "timeout"
		}
		t.r.end(l, start)
		return nil, err
	}
	l.Status, l.Type, l.Retry = resp.StatusCode, resp.Header.Get("Content-Type"), resp.Header.Get("Retry-After")
	resp.Body = &listened{body: resp.Body, done: func(b []byte, broke bool) {
		if broke {
			l.Broken = "connection"
		}
		t.r.answer(&l, b)
		t.r.end(l, start)
	}}
	return resp, nil
}

// begin takes down a request, and learns its key.
func (r *Recorder) begin(q *http.Request) line {
	r.redact.mu.Lock()
	r.redact.learn(strings.TrimPrefix(q.Header.Get("Authorization"), "Bearer "))
	r.redact.mu.Unlock()
	l := line{At: time.Since(r.begun).Milliseconds(), Method: q.Method, Path: r.redact.text(q.URL.Path), Query: r.redact.query(q.URL.RawQuery)}
	if q.URL.Host != r.host {
		l.Path, l.Query = elsewhere, ""
		return l
	}
	if q.Body == nil {
		return l
	}
	raw, err := io.ReadAll(q.Body)
	_ = q.Body.Close()
	q.Body = io.NopCloser(bytes.NewReader(raw))
	if err == nil {
		l.Body, _ = r.redact.body(raw)
	}
	return l
}

// answer takes down an answer's body.
func (r *Recorder) answer(l *line, raw []byte) {
	if l.Path == elsewhere {
		if l.Status == http.StatusOK {
			l.Text = notRecorded
		}
		return
	}
	if body, ok := r.redact.body(raw); ok {
		l.Answer = body
		return
	}
	l.Text = notRecorded
	if short := strings.TrimSpace(string(raw)); len(short) < 200 && !strings.ContainsAny(short, "{<[") {
		l.Text = r.redact.text(short)
	}
}

func (r *Recorder) end(l line, start time.Time) {
	l.Took = time.Since(start).Milliseconds()
	r.write(l)
}

func (r *Recorder) write(v any) {
	text, err := encode(v)
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.err != nil:
		return
	case err != nil:
		r.err = err
		return
	case int64(len(text))+1 > r.room:
		r.err = ErrFull
		return
	}
	r.room -= int64(len(text)) + 1
	_, r.err = r.to.Write(append(text, '\n'))
}

// listened is a body that is kept while it is read.
type listened struct {
	body io.ReadCloser
	kept bytes.Buffer
	once sync.Once
	done func(b []byte, broke bool)
}

func (l *listened) Read(p []byte) (int, error) {
	n, err := l.body.Read(p)
	if l.kept.Len() < MaxBytes {
		l.kept.Write(p[:n])
	}
	if err != nil {
		l.once.Do(func() { l.done(l.kept.Bytes(), !errors.Is(err, io.EOF)) })
	}
	return n, err
}

func (l *listened) Close() error {
	l.once.Do(func() { l.done(l.kept.Bytes(), false) })
	return l.body.Close()
}
