package listing

import (
	"errors"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/queryline"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi/offerql"
)

// Line is the line in which a query about rows is typed, and what was read of it.
type Line[R any] struct {
	queryline.Model
	Typed offerql.Filter[R]   // what the line asks for, as far as it could be read
	Bad   bool                // the line holds something that is not applied
	Spell func(string) string // what was typed, spelled as the language does, in the same length; nil = it is as it was typed

	language *offerql.Rows[R]
	values   offerql.Known // of the texts in the rows, nil until it is asked for
	marker   offerql.Marker
}

// NewLine returns an empty line whose queries are read as the language does.
func NewLine[R any](language *offerql.Rows[R], th *theme.Theme) Line[R] {
	return Line[R]{Model: queryline.New(th), language: language}
}

// Press gives a key or a paste to the line, whose words may be about these rows. It reports whether another query is
// asked now.
func (l *Line[R]) Press(msg tea.Msg, rows []*R) (other bool) {
	if !l.Update(msg) {
		return false
	}
	other = l.Read(l.Value())
	if _, pasted := msg.(tea.PasteMsg); pasted {
		l.Complete(0, 0, nil) // it is whole
		return other
	}
	l.Suggest(rows, false)
	return other
}

// Read reads a text as the line's. What cannot be read is marked, and the terms in front of it apply. It reports whether
// another query is asked now.
func (l *Line[R]) Read(text string) (other bool) {
	q, usable, err := l.language.ParseTyped(l.spelled(text))
	l.Bad = err != nil
	if err != nil {
		Mark(&l.Model, err)
	} else {
		l.SetProblem(nil)
	}
	if !usable || q.Equal(l.Typed) {
		return false // what cannot be used leaves the last good list
	}
	l.Typed = q
	return true
}

func (l *Line[R]) spelled(text string) string {
	if l.Spell == nil {
		return text
	}
	return l.Spell(text)
}

// Mark shows in a line what of it could not be read; quietly while it may only be unfinished.
func Mark(q *queryline.Model, err error) {
	var e *offerql.Error
	if !errors.As(err, &e) {
		return
	}
	var p queryline.Problem
	p.From, p.To = e.Span(q.Value())
	if e.Kind != offerql.Unfinished {
		p.Message = e.Reason()
	}
	q.SetProblem(&p)
}

// Suggest offers what may stand at the cursor; asked says that somebody wants to know before a term is begun.
func (l *Line[R]) Suggest(rows []*R, asked bool) {
	from, to, found := l.language.Suggest(l.Value(), l.Pos(), asked, func() offerql.Known {
		if l.values == nil {
			l.values = l.language.Known(rows)
		}
		return l.values
	})
	var list []queryline.Candidate
	for _, c := range found {
		list = append(list, queryline.Candidate{Text: c.Text, Help: c.Help, Count: c.Count})
	}
	l.Complete(from, to, list)
}

// Renew says what is known of the texts in the rows, which are others now; nil = it is to be counted when it is needed.
func (l *Line[R]) Renew(known offerql.Known) { l.values = known }

// Enter leaves the line. What looked like the beginning of a field while it was typed is a word now, or a mistake that is
// named; then the line is not left.
func (l *Line[R]) Enter() (other, left bool) {
	text := l.Value()
	l.EndCompletion()
	if _, err := l.language.Parse(l.spelled(text)); offerql.IsUnfinished(err) {
		text += " "
		if _, err := l.language.Parse(l.spelled(text)); err != nil {
			return l.Read(text), false
		}
	}
	l.Blur()
	return l.Read(text), true
}

// Clear empties the line. It reports whether another query is asked now.
func (l *Line[R]) Clear() (other bool) {
	l.Reset()
	return l.Read("")
}

// Point shows the words of the query in the rows that they have found, once these are on the screen. Fields are the
// names of the columns in the query, by column, as far as words are looked for in them.
func Point[K comparable, R any](l *Line[R], t *table.Model[K, *R], fields map[string]string) {
	marker := l.Typed.Marker()
	if t.Pending() || marker.Equal(l.marker) {
		return
	}
	l.marker = marker
	if marker.Empty() {
		t.Found = nil
	} else {
		t.Found = func(column, text string) [][2]int { return marker.In(fields[column], text) }
	}
	t.Invalidate()
}
