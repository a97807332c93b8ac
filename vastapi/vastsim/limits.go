package vastsim

import (
	"fmt"
	"time"
)

// A pace is the documented rate limit of a route. A call sooner than interval
// after the one before it is refused; penalty is how long a refused caller has
// to wait from then on, when that is longer.
type pace struct {
	interval, penalty time.Duration
	perMinute         int // a cap on the calls of any minute instead of an interval
	style             limitStyle
}

// limitStyle is the form of the 429.
type limitStyle int

const (
	limitDetail limitStyle = iota // {"detail": …}, what most of the OpenAPI shows
	limitText                     // plain text
	limitCode                     // {"success":false,"error":"rate_limit_exceeded", …}
)

func every(seconds float64) pace {
	return pace{interval: time.Duration(seconds * float64(time.Second))}
}

func (p pace) as(s limitStyle) pace { p.style = s; return p }

// threshold is the number the refusal names.
func (p pace) threshold() float64 {
	if p.perMinute > 0 {
		return 60 / float64(p.perMinute)
	}
	return p.interval.Seconds()
}

// limiter remembers when whom was let through, in real time.
type limiter struct {
	last map[limitKey]limitState
}

type limitKey struct {
	route *route
	who   string
}

type limitState struct {
	next   time.Time // not before this
	minute []time.Time
}

// limit refuses q with 429 when it comes too soon after the last call to the
// same route by the same caller. Calls that are refused do not count.
func (w *World) limit(q *request) (answer, bool) {
	p := q.route.pace
	if !w.cfg.limits || p.interval == 0 && p.perMinute == 0 {
		return answer{}, false
	}
	now := time.Now()
	key := limitKey{q.route, q.key + "@" + q.from}
	if p.perMinute > 0 {
		key.who = q.from // this one limit counts by address alone
	}
	s := w.limiter.last[key]
	if p.perMinute > 0 {
		for len(s.minute) > 0 && now.Sub(s.minute[0]) >= time.Minute {
			s.minute = s.minute[1:]
		}
	}
	if now.Before(s.next) || p.perMinute > 0 && len(s.minute) >= p.perMinute {
		if until := now.Add(p.penalty); p.penalty > 0 && until.After(s.next) {
			s.next = until
		}
		w.limiter.last[key] = s
		return tooFrequent(p), true
	}
	s.next = now.Add(p.interval)
	if p.perMinute > 0 {
		s.minute = append(s.minute, now)
	}
	w.limiter.last[key] = s
	return answer{}, false
}

func tooFrequent(p pace) answer {
	msg := fmt.Sprintf("API requests too frequent endpoint threshold=%.1f", p.threshold())
	switch p.style {
	case limitText:
		text := fmt.Sprintf("API requests too frequent: endpoint threshold=%.1f", p.threshold())
		return answer{status: 429, kind: "text/plain; charset=utf-8", body: []byte(text)}
	case limitCode:
		return fail(429, "rate_limit_exceeded", msg)
	}
	return reply(429, map[string]any{"detail": msg})
}
