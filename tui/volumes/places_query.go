package volumes

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"vastdeck/tui/listing"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/queryline"
	"vastdeck/vastapi/offerql"
)

func trim(s string) string { return strings.TrimSpace(s) }

// everywhere is how other tools say that any region will do.
var everywhere = regexp.MustCompile(`(?i)(^|\s)(region|geolocation|country|geo)\s+(all|any)(\s|$)`)

// Spelled is a query about places with "region=all" in place of "region all", which means
// the same. It has the same length as what was typed, so that mistakes are marked where
// they are.
func Spelled(text string) string {
	for before := ""; before != text; { // terms that stand side by side share the blank between them
		before = text
		text = everywhere.ReplaceAllStringFunc(text, withSign)
	}
	return text
}

// readPlaces reads a query about places, and returns what of it was read.
func readPlaces(text string) (q offerql.Query, read string, err error) {
	read = Spelled(text)
	q, err = offerql.ParseVolumes(read)
	return q, read, err
}

// withSign is "region all" with = in place of the first blank between the words.
func withSign(term string) string {
	field := strings.TrimLeft(term, " \t\n\f\r")
	at := len(term) - len(field) + strings.IndexAny(field, " \t\n\f\r")
	return strings.ToLower(term[:at] + "=" + term[at+1:])
}

// readText reads the line: the rows in hand are filtered at once, and the server is asked
// a moment later when it may have rows that are not here.
func (p *placesPage) readText(env view.Env, text string) view.Effect {
	q, read, err := readPlaces(text)
	p.bad = err != nil
	if err != nil {
		listing.Mark(&p.line, err)
		var e *offerql.Error
		if !errors.As(err, &e) || e.Col > len(read) {
			return view.Effect{}
		}
		if q, err = offerql.ParseVolumes(read[:e.Col]); err != nil {
			return view.Effect{} // the last good list stays
		}
	} else {
		p.line.SetProblem(nil)
	}
	other := !q.Equal(p.typed)
	p.typed = q
	p.clash = q.WithDefaults().Contradiction()
	p.chips()
	e := view.Effect{}
	if other {
		e = p.refilter(env)
		p.table.Home() // the user's own wish: nothing has vanished
	}
	if p.clash != "" || p.bad || p.here(p.question()) {
		return e
	}
	return view.Join(e, view.Wait(env.Load.AfterTypingPlaces()))
}

// chips shows the policy that applies beside the query.
func (p *placesPage) chips() {
	var list []queryline.Chip
	for _, c := range p.typed.Chips() {
		list = append(list, queryline.Chip{Text: c.Text, Off: !c.On})
	}
	p.line.SetChips(list...)
}

// suggest offers what may stand at the cursor. Unless it was asked for, nothing is
// offered before the first letter of a term, and nothing behind one that is complete.
func (p *placesPage) suggest(asked bool) {
	text := p.line.Value()
	runes := []rune(text)
	at := len(string(runes[:min(p.line.Pos(), len(runes))]))
	if empty := at == 0 || strings.TrimRight(text[:at], " ") != text[:at]; empty && !asked {
		p.line.Complete(0, 0, nil)
		return
	}
	if p.known == nil {
		p.known = offerql.KnownIn(slices.Values(p.rows))
	}
	found := offerql.CompleteVolumes(text, at, p.known)
	if len(found) == 0 || !asked && slices.ContainsFunc(found, func(c offerql.Candidate) bool { return text[c.From:at] == c.Text }) {
		p.line.Complete(0, 0, nil)
		return
	}
	var list []queryline.Candidate
	for _, c := range found {
		if c.From == found[0].From && c.To == found[0].To {
			list = append(list, queryline.Candidate{Text: c.Text, Help: c.Help, Count: c.Count})
		}
	}
	count := func(n int) int { return len([]rune(text[:min(n, len(text))])) }
	p.line.Complete(count(found[0].From), count(found[0].To), list)
}

// enter leaves the line. What looked like the beginning of a field while it was typed is
// a word now, or a mistake that is named.
func (p *placesPage) enter(env view.Env) view.Effect {
	text := p.line.Value()
	p.line.EndCompletion()
	if _, _, err := readPlaces(text); offerql.IsUnfinished(err) {
		text += " "
		if _, _, err := readPlaces(text); err != nil {
			return p.readText(env, text)
		}
	}
	p.line.Blur()
	return view.Join(p.readText(env, text), p.remember())
}
