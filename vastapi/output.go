package vastapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"vastdeck/vastapi/safetext"
)

// Output is where a text that was asked for can be read once the machine has sent
// it. Whoever knows its address can read it, so it prints as "…". The zero Output
// is none.
type Output struct{ at *outputAt }

type outputAt struct {
	url   string
	strip string // the path of the container on its host, which stands in what a command prints
}

// Given reports whether there is one.
func (o Output) Given() bool { return o.at != nil }

// Format prints a mask, whatever the verb.
func (o Output) Format(f fmt.State, _ rune) {
	if o.at != nil {
		_, _ = io.WriteString(f, masked)
	}
}

// MarshalJSON writes the mask, null when there is none.
func (o Output) MarshalJSON() ([]byte, error) {
	if o.at == nil {
		return []byte("null"), nil
	}
	return []byte(`"` + masked + `"`), nil
}

// outputOf reads result_url and writeable_path from an answer.
func (c *Client) outputOf(body []byte) Output {
	at := &outputAt{}
	s := scanner{b: body}
	_ = s.fields(func(key []byte, v value) error {
		switch {
		case v.kind != kindString:
		case string(key) == "result_url":
			at.url = v.str()
		case string(key) == "writeable_path":
			at.strip = v.str()
		}
		return nil
	})
	if at.url == "" {
		return Output{}
	}
	return Output{at}
}

// LogOptions say which part of a log is wanted.
type LogOptions struct {
	Tail   int    // so many lines from the end; 0 = as many as the server gives
	Filter string // only lines that contain it (the machine's grep); "" = all
	Daemon bool   // what the machine says about the container, not the container itself
}

// The limits of a text held: 10 MB of a log and as many lines as that has.
const (
	maxOutputLines = 200_000
	maxOutputBytes = 10 << 20
	// MaxLogFilter is how many bytes a filter of logs may have.
	MaxLogFilter = 512
	maxLooks     = 30 // for a text that was asked for (official client)
)

// RequestLogs asks the machine of an instance for its log and waits until it has
// arrived, at most about nine seconds: then it is a KindNotReady error, as it is
// for machines that are off. The lines are inert, and the newest when there are
// more than can be held; Dropped tells how many are missing.
func (c *Client) RequestLogs(ctx context.Context, id InstanceID, opt LogOptions) (*safetext.Lines, error) {
	r := &request{
		method: http.MethodPut, path: "/api/v0/instances/request_logs/" + id.String() + "/", route: RouteLogs,
		size: maxAnswer, total: c.limits.Total,
	}
	if err := opt.valid(id); err != nil {
		return nil, c.wrongly(r, err)
	}
	body, err := opt.body()
	if err != nil {
		return nil, c.wrongly(r, err)
	}
	r.body = body
	var out Output
	r.read = func(body []byte) error {
		if out = c.outputOf(body); !out.Given() {
			return errors.New("the answer does not say where the log is")
		}
		return nil
	}
	if _, err := c.chain(ctx, r); err != nil {
		return nil, err
	}
	return c.Output(ctx, out)
}

func (opt LogOptions) valid(id InstanceID) error {
	switch {
	case opt.Tail < 0:
		return errors.New("the number of lines is not below 0")
	case len(opt.Filter) > MaxLogFilter || strings.ContainsAny(opt.Filter, "\r\n\x00"):
		return fmt.Errorf("a filter is one line of at most %d bytes", MaxLogFilter)
	}
	return needID(id)
}

// body has texts for all values, the number and the flag too (official client).
func (opt LogOptions) body() ([]byte, error) {
	fields := map[string]string{}
	if opt.Tail > 0 {
		fields["tail"] = strconv.Itoa(opt.Tail)
	}
	if opt.Filter != "" {
		fields["filter"] = opt.Filter
	}
	if opt.Daemon {
		fields["daemon_logs"] = "true"
	}
	return plainJSON(fields)
}

// wrongly is the Error for a read that makes no sense: nothing was sent.
func (c *Client) wrongly(r *request, err error) *Error {
	e := c.newError(r, KindRejected)
	e.Message, e.Cause = c.words(err.Error()), err
	return e
}

// Output reads a text that was asked for, as RequestLogs does. It lies on another
// host, at an address that is a secret: the key does not go there, redirects are
// refused, and the address stands in no error and no log line.
func (c *Client) Output(ctx context.Context, o Output) (*safetext.Lines, error) {
	r := &request{method: http.MethodGet, path: "(the text that was asked for)", size: maxResult, total: c.limits.Total}
	if !o.Given() {
		return nil, c.wrongly(r, errors.New("there is no text to read"))
	}
	u, err := c.outputURL(o.at.url)
	if err != nil {
		e := c.wrongly(r, err)
		e.Kind = KindServer
		return nil, e
	}
	var last error
	for range maxLooks {
		if sleep(ctx, c.intervals.Result) != nil {
			return nil, c.failure(r, context.Cause(ctx))
		}
		text, there, err := c.lookFor(ctx, r, u)
		switch {
		case there:
			return o.lines(text), nil
		case err != nil && (!isRetryable(err) || errors.Is(err, errTooLong)):
			return nil, err
		case err != nil:
			last = err
		default:
			last = nil
		}
	}
	if last != nil {
		return nil, last
	}
	return nil, c.newError(r, KindNotReady)
}

// outputURL admits addresses that show the text to nobody on the way: https, or
// the API's own host when that is this machine. Nothing else leaves for a host
// that an answer names.
func (c *Client) outputURL(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil, u.Host == "", u.User != nil, u.Opaque != "":
		return nil, errors.New("the address of the text cannot be used")
	case u.Scheme == "https", u.Scheme == "http" && u.Host == c.base.Host && isLoopback(u.Hostname()):
		u.Fragment = ""
		return u, nil
	}
	return nil, errors.New("the address of the text does not begin with https://")
}

// lookFor asks once. There is false, without an error, for "not yet".
func (c *Client) lookFor(ctx context.Context, r *request, u *url.URL) (text []byte, there bool, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if r.total > 0 {
		t := time.AfterFunc(r.total, func() { cancel(errTotal) })
		defer t.Stop()
	}
	h, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, false, c.hidden(r, errors.New("the address of the text cannot be used"))
	}
	h.Header.Set("User-Agent", c.agent)
	c.requests.Add(1)
	resp, err := c.elsewhere.Do(h)
	if err != nil {
		return nil, false, c.hidden(r, because(ctx, err))
	}
	defer func() { _ = resp.Body.Close() }()
	switch {
	case resp.StatusCode == http.StatusOK:
	case resp.StatusCode == http.StatusForbidden, resp.StatusCode == http.StatusNotFound:
		return nil, false, nil
	default:
		e := c.newError(r, KindServer)
		if resp.StatusCode >= 300 && resp.StatusCode < 400 {
			e.Kind = KindRedirect
		}
		e.Status, e.Message = resp.StatusCode, "the text is not given out: "+http.StatusText(resp.StatusCode)
		return nil, false, e
	}
	buf := c.buffer(sizeHint(resp.ContentLength, r.size))
	text, err = readBody(resp, buf, r.size, c.limits.Stall, func() { cancel(errStalled) })
	if err != nil {
		return nil, false, c.hidden(r, because(ctx, err))
	}
	return text, true, nil
}

// hidden is the Error for a text that could not be read, without its address.
func (c *Client) hidden(r *request, err error) *Error {
	e := c.failure(r, innermost(err))
	if e.Kind == KindTransport {
		e.Message = "the host of the text cannot be reached"
		e.Cause = inertCause{text: e.Message, err: innermost(err)}
	}
	return e
}

// lines is the text as it can be shown. The container's path on its host is left
// out, as the official client does.
func (o Output) lines(text []byte) *safetext.Lines {
	all := string(text)
	if o.at.strip != "" {
		all = strings.ReplaceAll(all, o.at.strip, "")
	}
	lines := safetext.NewPrinted(maxOutputLines, maxOutputBytes)
	lines.Add(all)
	lines.Flush()
	return lines
}
