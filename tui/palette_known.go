package tui

import (
	"slices"

	"vastdeck/tui/view"
	"vastdeck/tui/widget/palette"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// seek is what the palette has made ready, so that a key that is typed into it makes
// nothing for what it does not find.
type seek struct {
	of    []vastapi.Instance // which list called is about; lists are replaced whole
	known []called
	there []palette.Entry      // what can be done in other views
	also  map[[2]string]string // by scope and label: other words for an action
}

// words are other words for an action.
func (s *seek) words(scope string, a view.Action) string {
	at := [2]string{scope, a.Key.Help().Desc}
	also, known := s.also[at]
	if !known {
		if s.also == nil {
			s.also = map[[2]string]string{}
		}
		also = wordsFor(scope, a)
		s.also[at] = also
	}
	return also
}

// called is what an instance is found by.
type called struct{ id, name string }

// instances are the names of a list of instances, in its order.
func (s *seek) instances(list []vastapi.Instance) []called {
	if len(s.of) == len(list) && (len(list) == 0 || &s.of[0] == &list[0]) {
		return s.known
	}
	s.of, s.known = list, make([]called, len(list))
	for n := range list {
		name, _ := rental.SplitLabel(list[n].Label.String())
		s.known[n] = called{list[n].ID.String(), name}
	}
	return s.known
}

// elsewhere lists what keys do in other views than the one shown. Choosing one leads
// there and does no more: what it would be about is not seen from here.
func (m *Model) elsewhere() []palette.Entry {
	if m.session.phase != ready {
		return nil
	}
	env := m.env()
	have := map[string]bool{}
	for _, list := range [][]view.Action{m.current().Actions(env), m.actions()} {
		for _, a := range list {
			have[a.Key.Help().Desc] = true
		}
	}
	var out []palette.Entry
	for _, t := range m.tabs() {
		if t.id == m.active {
			continue
		}
		where, _ := t.view.Title(env)
		scope := m.scope(t)
		for _, a := range t.view.Actions(env) {
			keys, label := a.Key.Keys(), a.Key.Help().Desc
			if len(keys) == 0 || have[label] || slices.Contains(neverListed, keys[0]) || moves(keys[0]) {
				continue
			}
			have[label] = true
			e := m.entryOf("there", scope, a)
			e.Detail, e.Disabled, e.Ref = "opens "+where+", where a key does it", "", doGoto{view: t.id}
			out = append(out, e)
		}
	}
	return out
}

// moves reports whether a key is one that leads about on the screen.
func moves(key string) bool { return namedKeys[key] != 0 }

// findElsewhere adds what can be done in other views, behind what fits alike here, and
// only what has the words of the line in it.
func (m *Model) findElsewhere(f *palette.Finder) {
	for _, e := range m.seek.there {
		if f.Firm(e) {
			f.Add(e, -150)
		}
	}
}

// leastSecret is how many hexadecimal digits in a row may be somebody's key.
const leastSecret = 40

// tellsSecret reports whether a line may hold a key of the API, which is never kept. A
// digest of an image looks the same, but says what it is.
func tellsSecret(line string) bool {
	run := 0
	for i := range len(line) {
		c := line[i] | 0x20
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'f' {
			if run++; run < leastSecret {
				continue
			}
			if from := i - run + 1; from < len("sha256:") || line[from-len("sha256:"):from] != "sha256:" {
				return true
			}
			continue
		}
		run = 0
	}
	return false
}
