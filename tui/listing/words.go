package listing

import "strings"

// Words reads a query of words alone: a text is admitted that holds every one of them, in whatever case, and none that
// stands behind "-". It returns nil when any text will do. Texts are to be in lower case.
func Words(query string) func(text string) bool {
	words := strings.Fields(strings.ToLower(query))
	if len(words) == 0 {
		return nil
	}
	return func(text string) bool {
		for _, w := range words {
			bare, without := strings.CutPrefix(w, "-")
			if bare != "" && strings.Contains(text, bare) == without {
				return false
			}
		}
		return true
	}
}
