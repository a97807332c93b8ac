package offers

import (
	"slices"
	"strings"

	"vastdeck/tui/feed"
	"vastdeck/tui/listing"
	"vastdeck/tui/view"
)

// withSearch puts a search into a copy of the list, in place of one of its name.
func withSearch(list []feed.SavedSearch, s feed.SavedSearch) []feed.SavedSearch {
	next := slices.Clone(list)
	if i := slices.IndexFunc(next, func(o feed.SavedSearch) bool { return o.Name == s.Name }); i >= 0 {
		next[i] = s
		return next
	}
	return append(next, s)
}

// withoutSearch is a copy of the list without the search of a name.
func withoutSearch(list []feed.SavedSearch, name string) []feed.SavedSearch {
	return slices.DeleteFunc(slices.Clone(list), func(s feed.SavedSearch) bool { return s.Name == name })
}

// savedMenu lists the saved searches, to open them and to take them away.
func savedMenu(m *Model) *menu {
	return &menu{Menu: listing.Menu{
		Title: "Saved searches", Empty: "no search is saved: ctrl+s saves the one that is shown", Verb: "open it", Away: "delete it", Clicks: true,
		List: func(env view.Env) []listing.Choice {
			var list []listing.Choice
			for _, s := range env.Data.Memory.Searches {
				query := s.Query
				if query == "" {
					query = "every offer"
				}
				list = append(list, listing.Choice{
					Label: s.Name + m.tally(s).text(), Detail: kindName(s.Kind) + " · " + query,
					Do: func() view.Effect { return m.open(env, s) },
					Drop: func() view.Effect {
						return view.Do(
							view.Remember{Change: func(f *feed.Memory) { f.Searches = withoutSearch(f.Searches, s.Name) }},
							view.Toast{Text: s.Name + " is deleted", Level: view.Good},
						)
					},
				})
			}
			return list
		},
	}}
}

// shows reports whether a saved search is the one that is shown.
func (m *Model) shows(s feed.SavedSearch) bool {
	return strings.TrimSpace(m.line.Value()) == strings.TrimSpace(s.Query) && feed.KindOf(s.Kind) == m.kind()
}
