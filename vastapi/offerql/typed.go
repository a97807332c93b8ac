package offerql

import (
	"errors"
	"strings"
)

// IsUnfinished reports whether err only says that a query is still being typed.
func IsUnfinished(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == Unfinished
}

// Span is the part of the query s that is wrong, in runes.
func (e *Error) Span(s string) (from, to int) {
	begin, end := min(e.Col, len(s)), min(e.Col+e.Len, len(s))
	from = len([]rune(s[:begin]))
	return from, from + len([]rune(s[begin:end]))
}

// Reason is what is wrong and what could stand in its place, without where it is.
func (e *Error) Reason() string {
	if e.Suggest != "" {
		return e.Text + ": " + e.Suggest + "?"
	}
	return e.Text
}

// ParseTyped reads a query that may still be typed: where it cannot be read, the terms
// in front of that apply. Usable is false when these cannot be read either; err is what
// is wrong with the whole.
func (r *Rows[T]) ParseTyped(s string) (q Filter[T], usable bool, err error) {
	q, err = r.Parse(s)
	if err == nil {
		return q, true, nil
	}
	var e *Error
	if !errors.As(err, &e) || e.Col > len(s) {
		return q, false, err
	}
	q, before := r.Parse(s[:e.Col])
	return q, before == nil, err
}

// Suggest lists what may stand at pos, counted in runes, in place of the runes between
// from and to. Unless it was asked for, there is nothing before the first letter of a
// term, and nothing behind one that is complete. Known is called when it is needed.
func (r *Rows[T]) Suggest(s string, pos int, asked bool, known func() Known) (from, to int, list []Candidate) {
	runes := []rune(s)
	at := len(string(runes[:min(pos, len(runes))]))
	if empty := at == 0 || strings.TrimRight(s[:at], " ") != s[:at]; empty && !asked {
		return 0, 0, nil
	}
	found := r.Complete(s, at, known())
	if len(found) == 0 || !asked && r.Whole(s, at, found) {
		return 0, 0, nil
	}
	for _, c := range found {
		if c.From == found[0].From && c.To == found[0].To {
			list = append(list, c)
		}
	}
	count := func(n int) int { return len([]rune(s[:min(n, len(s))])) }
	return count(found[0].From), count(found[0].To), list
}
