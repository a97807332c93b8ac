package vastapi

import (
	"context"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// envelope is what an answer says about itself. Every failure has some of it,
// a success at most success and new_contract.
type envelope struct {
	object                    bool // the body is one JSON object
	success                   Flag
	code, msg, message, about string // error, msg, message, detail
	contract                  InstanceID
	volume                    VolumeID // volume_id, or the number of volume_name, "V.20118481"
	retryAfter                float64  // s; not documented, some clients look for it
}

// readEnvelope looks for the fields of all documented error shapes
// (rate-limits-and-errors page) in body, whatever else it holds.
func readEnvelope(body []byte) envelope {
	e := envelope{retryAfter: math.NaN()}
	s := scanner{b: body}
	err := s.fields(func(key []byte, v value) error {
		switch string(key) {
		case "success":
			e.success = v.flag()
		case "error":
			e.code = v.words()
		case "msg":
			e.msg = v.words()
		case "message":
			e.message = v.words()
		case "detail":
			e.about = v.words()
		case "new_contract":
			id, _ := v.id()
			e.contract = InstanceID(id)
		case "volume_id":
			if id, ok := v.id(); ok {
				e.volume = VolumeID(id)
			}
		case "volume_name":
			if number, named := strings.CutPrefix(v.words(), "V."); named && e.volume == 0 {
				if id, err := strconv.ParseInt(number, 10, 64); err == nil && id > 0 {
					e.volume = VolumeID(id)
				}
			}
		case "retry_after":
			e.retryAfter = v.num()
		}
		return nil
	})
	e.object = err == nil && s.end()
	return e
}

// isVast reports whether the answer was written by the API and not by
// something between it and us.
func (e envelope) isVast() bool {
	return e.object && (e.success != FlagUnknown || e.code != "" || e.msg != "" || e.message != "" || e.about != "")
}

// understood turns an answer that is no success into an Error, and has the rest
// of it read.
func (c *Client) understood(next link) link {
	return func(ctx context.Context, r *request) (*answer, error) {
		a, err := next(ctx, r)
		if err != nil {
			return a, err
		}
		if r.read != nil {
			defer c.release(a)
		}
		if a.status == http.StatusOK && r.read != nil {
			lookAt(ctx, r.route, a.body)
			err = r.read(a.body)
			if err == nil {
				return a, nil
			}
		}
		env := readEnvelope(a.body)
		switch {
		case a.status != http.StatusOK, env.success.No(), err != nil && env.code != "":
			return a, c.refusal(r, a, env)
		case err != nil || !env.object:
			return a, c.unusable(r, a, env, err)
		}
		return a, nil
	}
}

// unusable is the Error for an answer that says neither yes nor no.
func (c *Client) unusable(r *request, a *answer, env envelope, err error) *Error {
	e := c.newError(r, KindServer)
	e.Status, e.Message = a.status, unreadable(a.body)
	if err != nil && env.object {
		e.Message = c.said(r, err.Error())
	}
	if err != nil {
		e.Cause = inertCause{text: e.Message, err: err}
	}
	return e
}

// unreadable says in our own words why an answer is none; its own are a page.
func unreadable(body []byte) string {
	switch s := (scanner{b: body}); {
	case s.peek() == 0:
		return "the answer is empty"
	case s.peek() == '<':
		return "the answer is a web page, perhaps of a proxy"
	case isJSON(body):
		return "the answer ends too early or is not JSON"
	}
	return "the answer is not JSON"
}

// refusal is the Error for an answer that says no.
func (c *Client) refusal(r *request, a *answer, env envelope) *Error {
	e := c.newError(r, "")
	e.Status = a.status
	text := env.text(a)
	e.Code = codeIn(env.code, text)
	e.Message = c.said(r, withoutPrefix(text, e.Code))
	e.Kind = classify(a.status, e.Code, text, env)
	if !slices.Contains(hidden, e.Code) {
		e.Code = r.hide(e.Code)
	}
	if e.Kind == KindRedirect {
		e.Message = "a redirect to " + quoted(r.hide(a.header.Get("Location")))
	}
	if e.Kind == KindBid {
		e.MinBid = leastBid(text)
	}
	if e.Kind == KindRights {
		e.Right = rightIn(text, r.route)
	}
	if e.Kind == KindRateLimited {
		e.threshold = threshold(text)
		e.retryAfter = retryAfter(a.header, env.retryAfter)
		e.Wait = max(e.threshold, e.retryAfter)
	}
	return e
}

// text returns the words meant for people.
func (e envelope) text(a *answer) string {
	for _, s := range []string{e.msg, e.message, e.about, e.code} {
		if s != "" {
			return s
		}
	}
	if body := strings.TrimSpace(string(a.body[:min(len(a.body), 400)])); !e.object && body != "" && len(body) < 300 && !isJSON(a.body) && body[0] != '<' {
		return body
	}
	return http.StatusText(a.status)
}

// hidden are the codes that stand in the text while error says something else:
// a stale offer is "invalid_args" with no_such_ask in msg.
var hidden = []string{
	"no_such_ask", "no_such_instance", "insufficient_credit", "missing_billing", "insufficient_balance",
	"spend_rate_limit", "no_ssh_key_for_vm", "invalid_price", "invalid_token", "rate_limit_exceeded", "search_quota_exceeded",
}

func codeIn(code, text string) string {
	for _, h := range hidden {
		if strings.Contains(code, h) || strings.Contains(text, h) {
			return h
		}
	}
	if len(code) > 40 || strings.ContainsFunc(code, func(r rune) bool { return r < '0' || r > 'z' }) {
		return "" // a sentence
	}
	return code
}

// withoutPrefix takes "error 410/3907: no_such_ask " from the front of a text.
func withoutPrefix(text, code string) string {
	if rest, ok := strings.CutPrefix(text, "error "); ok {
		if at := strings.Index(rest, ": "); at > 0 && strings.Trim(rest[:at], "0123456789/") == "" {
			text = rest[at+2:]
		}
	}
	if code != "" && text != code {
		text = strings.TrimLeft(strings.TrimPrefix(text, code), " :")
	}
	return text
}

// classify says what a caller can do about a refusal.
func classify(status int, code, text string, env envelope) Kind {
	words := strings.ToLower(text)
	switch {
	case status >= 300 && status < 400:
		return KindRedirect
	case status >= 500:
		return KindServer
	case status == http.StatusTooManyRequests, code == "rate_limit_exceeded", code == "search_quota_exceeded":
		return KindRateLimited
	case status == http.StatusRequestTimeout:
		return KindTimeout
	case isRights(status, code, words, env):
		return KindRights
	case isAuth(status, code, words, env):
		return KindAuth
	case code == "no_such_ask", status == http.StatusGone && env.isVast():
		return KindGone
	case code == "spend_rate_limit", strings.Contains(words, "spend rate"):
		return KindSpendLimit
	case isCredit(status, code, words):
		return KindCredit
	case status != http.StatusOK && !env.isVast():
		return KindServer // a page of something in between says nothing about the object
	case code == "no_ssh_key_for_vm", code == "no_ssh_key":
		return sshKeyKind(status)
	case status == http.StatusNotFound, code == "no_such_instance", code == "not_found", code == "no_such_volume":
		return KindNotFound
	}
	return classifyTerms(code, words)
}

// sshKeyKind tells "you need a key" from "there are no keys", which is a 404.
func sshKeyKind(status int) Kind {
	if status == http.StatusNotFound {
		return KindNotFound
	}
	return KindSSHKey
}

// isAuth knows the ways the API says that the key will not do: 401, or 403 and
// 404 with words about the key. Such a 404 must never read as "not found".
func isAuth(status int, code, words string, env envelope) bool {
	switch {
	case status == http.StatusUnauthorized:
		return true
	case status == http.StatusForbidden:
		return env.isVast() && !strings.HasPrefix(code, "invalid_")
	case status >= 400 && status < 500:
		return code == "auth_error" || strings.Contains(words, "invalid user key") || strings.Contains(words, "session expired")
	}
	return code == "auth_error"
}

func isCredit(status int, code, words string) bool {
	switch code {
	case "insufficient_credit", "missing_billing", "insufficient_balance":
		return true
	}
	return status == http.StatusPaymentRequired || status == http.StatusLengthRequired ||
		strings.Contains(words, "insufficient credit")
}

// threshold is the interval a 429 names: "… endpoint threshold=4.5".
func threshold(text string) time.Duration {
	_, rest, found := strings.Cut(text, "threshold=")
	if !found {
		return 0
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
	if end >= 0 {
		rest = rest[:end]
	}
	seconds, err := strconv.ParseFloat(rest, 64)
	if err != nil {
		return 0
	}
	return interval(seconds)
}

// retryAfter reads the header, in seconds or as a date on the server's own
// clock, or the field some answers carry. The API documents neither.
func retryAfter(h http.Header, field float64) time.Duration {
	raw := h.Get("Retry-After")
	if seconds, err := strconv.ParseFloat(raw, 64); err == nil {
		return longInterval(seconds)
	}
	if at, err := http.ParseTime(raw); err == nil {
		now, err := http.ParseTime(h.Get("Date"))
		if err != nil {
			now = time.Now()
		}
		return longInterval(at.Sub(now).Seconds())
	}
	return longInterval(field)
}

// day is the longest wait that is kept to, in seconds: after one it is asked again.
const day = 24 * 3600

// longInterval is interval for what a server asks for, which may be longer than a day;
// beyond a month it makes no sense.
func longInterval(seconds float64) time.Duration {
	if seconds > 31*day {
		return 0
	}
	return interval(min(seconds, day))
}

// interval is a number of seconds, 0 when it makes no sense as one.
func interval(seconds float64) time.Duration {
	if !(seconds > 0) || seconds > day {
		return 0
	}
	return time.Duration(seconds * float64(time.Second))
}
