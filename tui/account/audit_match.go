package account

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// slack is by how much an entry of the server's log and the journal of this machine
// may differ in time and still be about the same request.
const slack = 2 * time.Second

// longestWait is how long after it was sent a request can have been noted, when
// nobody knows when it was answered.
const longestWait = time.Minute

// match links entries with the operations of the journal that made them: the route
// must be the same, and the time within slack of when it was under way. The entries
// are the newest first; ahead is by how much the server's clock is ahead of this one. Each is linked once, the nearest
// in time first; what is left of the journal is returned.
func match(entries []*logged, past []rental.Past, ahead time.Duration) (alone []rental.Past) {
	type pair struct {
		e   *logged
		n   int
		gap time.Duration
	}
	var pairs []pair
	for n := range past {
		op := &past[n].Op
		step, known := op.Step()
		if !known || op.Sent.IsZero() {
			continue
		}
		from, to := op.Sent.Add(ahead-slack), underWayUntil(op).Add(ahead+slack)
		first, _ := slices.BinarySearchFunc(entries, to, func(e *logged, to time.Time) int { return to.Compare(e.at) })
		for _, e := range entries[first:] { // the newest first
			if e.at.Before(from) {
				break
			}
			if e.about(step.Call) {
				pairs = append(pairs, pair{e, n, e.at.Add(-ahead).Sub(op.Sent).Abs()})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return cmp.Compare(a.gap, b.gap) })
	linked := make([]bool, len(past))
	for _, p := range pairs {
		if p.e.ours == nil && !linked[p.n] {
			p.e.ours, linked[p.n] = &past[p.n], true
		}
	}
	for n := range past {
		if !linked[n] && !past[n].Op.Sent.IsZero() {
			alone = append(alone, past[n])
		}
	}
	return alone
}

// underWayUntil is when an operation was answered, at most longestWait after it was sent.
func underWayUntil(op *rental.Op) time.Time {
	if op.Ended.Before(op.Sent) {
		return op.Sent
	}
	if latest := op.Sent.Add(longestWait); op.Ended.After(latest) {
		return latest
	}
	return op.Ended
}

// about reports whether the entry can be about the call: the same words in its route,
// the same method where one is told, and no other id.
func (e *logged) about(c vastapi.Call) bool {
	path, _, _ := strings.Cut(c.Path(), "?")
	words, ids := parts(path)
	method, route := splitRoute(e.route)
	said, numbers := parts(route)
	if !slices.Equal(words, said) || method != "" && method != c.Method() {
		return false
	}
	if len(numbers) == 0 && e.noted != nil {
		for _, id := range e.noted.Objects { // it may name what it is about beside the route
			numbers = append(numbers, strconv.FormatInt(id, 10))
		}
		return len(ids) == 0 || len(numbers) == 0 || slices.Contains(numbers, ids[0])
	}
	return slices.Equal(ids, numbers)
}

// splitRoute takes the method off a route that begins with one.
func splitRoute(route string) (method, path string) {
	first, rest, found := strings.Cut(strings.TrimSpace(route), " ")
	if found && slices.Contains([]string{"GET", "POST", "PUT", "DELETE", "PATCH"}, strings.ToUpper(first)) {
		return strings.ToUpper(first), strings.TrimSpace(rest)
	}
	return "", route
}

// parts are the words of a path, or of a name such as api.instance.reboot, in the
// singular and without version and placeholders, and the numbers in it.
func parts(path string) (words, numbers []string) {
	path, _, _ = strings.Cut(path, "?")
	for _, p := range strings.FieldsFunc(strings.ToLower(path), func(r rune) bool { return r == '/' || r == '.' }) {
		switch {
		case p == "api", len(p) > 1 && p[0] == 'v' && digits(p[1:]), strings.ContainsAny(p, "{}<>:"):
		case digits(p):
			numbers = append(numbers, p)
		default:
			words = append(words, strings.TrimSuffix(p, "s"))
		}
	}
	return words, numbers
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
