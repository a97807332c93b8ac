package offers

import (
	"errors"
	"strings"

	"vastdeck/tui/feed"
	"vastdeck/tui/listing"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/queryline"
	"vastdeck/vastapi/offerql"
)

// read reads the line after each key: the rows in hand are filtered at once.
func (m *Model) read(env view.Env) view.Effect {
	e := m.readText(env, m.line.Value())
	m.complete()
	return e
}

func (m *Model) readText(env view.Env, text string) view.Effect {
	q, err := offerql.Parse(text)
	m.bad, m.note = err != nil, ""
	if err != nil {
		m.mark(err, offerql.IsUnfinished(err))
		if q, err = before(text, err); err != nil {
			return view.Effect{} // the last good list stays
		}
	} else {
		m.line.SetProblem(nil)
	}
	other := !q.Equal(m.typed)
	m.typed = q
	m.list.mark(q)
	m.chips()
	e := m.look(env, m.asking(q))
	if other {
		e = view.Join(e, m.first(env))
	}
	return e
}

// asking is the question for a typed query: with the policy, without what is blocked.
func (m *Model) asking(q offerql.Query) question {
	hidden := m.list.hidden
	return question{query: q.WithDefaults().Excluding(hidden.hosts, hidden.machines), prices: m.query.prices, most: m.query.most, listed: m.query.listed}
}

// set puts another query into the line and reads it.
func (m *Model) set(env view.Env, text string) view.Effect {
	m.line.SetValue(text)
	e := m.readText(env, text)
	if m.bad {
		// It is whole: what looks like a beginning is a word.
		e = m.readText(env, text+" ")
	}
	return e
}

// enter leaves the line. What looked like the beginning of a word while it was
// typed is the whole word now, or a mistake that is named.
func (m *Model) enter(env view.Env) view.Effect {
	text := m.line.Value()
	m.line.EndCompletion()
	if _, err := offerql.Parse(text); offerql.IsUnfinished(err) {
		text += " "
		if _, err := offerql.Parse(text); err != nil {
			m.bad = true
			m.mark(err, false)
			return view.Effect{}
		}
	}
	m.line.Blur()
	return view.Join(m.readText(env, text), m.rememberQuery())
}

// leave leaves the line as it is.
func (m *Model) leave() view.Effect {
	m.line.Blur()
	return m.rememberQuery()
}

// rememberQuery keeps the query for the next run; one that cannot be read is not kept.
func (m *Model) rememberQuery() view.Effect {
	text := strings.TrimSpace(m.line.Value())
	if m.bad {
		return view.Effect{}
	}
	return view.Do(view.Remember{Change: func(f *feed.Memory) { f.Query = text }})
}

// before reads what stands in front of a mistake: the terms that are complete
// apply while the last one is being typed.
func before(text string, err error) (offerql.Query, error) {
	var e *offerql.Error
	if !errors.As(err, &e) || e.Col > len(text) {
		return offerql.Query{}, err
	}
	return offerql.Parse(text[:e.Col])
}

// mark shows what could not be read; quietly while it may only be unfinished.
func (m *Model) mark(err error, quietly bool) {
	var e *offerql.Error
	if !errors.As(err, &e) {
		return
	}
	var p queryline.Problem
	p.From, p.To = e.Span(m.line.Value())
	if !quietly {
		p.Message = sentence(err)
	}
	m.line.SetProblem(&p)
}

// chips shows what applies beside the query: what is hidden for other reasons,
// and the default policy, in force or taken away.
func (m *Model) chips() {
	var list []queryline.Chip
	switch n := m.list.hidden.count(); {
	case n > 0 && m.survey.blocked > 0:
		list = append(list, queryline.Chip{Text: figure.Plural(m.survey.blocked, "offer") + " blocked"})
	case n > 0:
		list = append(list, queryline.Chip{Text: figure.Plural(n, "block")})
	}
	switch n := m.survey.ignored; {
	case n == 1:
		list = append(list, queryline.Chip{Text: "1 row ignored the filter"})
	case n > 1:
		list = append(list, queryline.Chip{Text: count(n) + " rows ignored the filter"})
	}
	if text := m.ceilingText(); text != "" {
		list = append(list, queryline.Chip{Text: text})
	}
	for _, c := range m.typed.Chips() {
		list = append(list, queryline.Chip{Text: c.Text, Off: !c.On})
	}
	m.line.SetChips(list...)
}

// complete offers what may stand at the cursor. Unless it was asked for, nothing
// is offered before the first letter of a term, where everything could follow, and
// nothing behind a term that is complete.
func (m *Model) complete() { m.suggest(false) }

func (m *Model) suggest(asked bool) {
	text := m.line.Value()
	at := len(string([]rune(text)[:min(m.line.Pos(), len([]rune(text)))]))
	if empty := strings.TrimRight(text[:at], " ") != text[:at] || at == 0; empty && !asked {
		m.line.Complete(0, 0, nil)
		return
	}
	found := offerql.Complete(text, at, m.survey.known)
	if len(found) == 0 || !asked && offerql.Whole(text, at, found) {
		m.line.Complete(0, 0, nil)
		return
	}
	var list []queryline.Candidate
	for _, c := range found {
		if c.From != found[0].From || c.To != found[0].To {
			continue
		}
		list = append(list, queryline.Candidate{Text: c.Text, Help: c.Help, Count: c.Count})
	}
	runes := func(n int) int { return len([]rune(text[:min(n, len(text))])) }
	m.line.Complete(runes(found[0].From), runes(found[0].To), list)
}

// policyMenu shows the default policy, to take parts of it away and to put them back.
func policyMenu(m *Model) *menu {
	return &menu{Menu: listing.Menu{
		Title: "What is asked for unless the query says otherwise", Verb: "take it away or put it back", Empty: "there is none", Clicks: true,
		List: func(env view.Env) []listing.Choice {
			var list []listing.Choice
			if text := m.ceilingText(); text != "" {
				list = append(list, listing.Choice{Label: text, Detail: m.ceilingDetail() + ": enter takes it away", Do: func() view.Effect { return m.limit(env, 0, false) }})
			}
			for _, c := range m.typed.Chips() {
				detail := "applies: enter takes it away"
				if !c.On {
					detail = "does not apply: enter puts it back"
				}
				list = append(list, listing.Choice{Label: c.Text, Detail: detail, Do: func() view.Effect {
					return view.Join(m.set(env, offerql.ToggleDefault(m.line.Value(), c.Field)), m.rememberQuery())
				}})
			}
			return list
		},
	}}
}
