package listing

import (
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/vastapi/safetext"
)

// Raw is what a row stands for in the server's own words, for which it has been asked.
type Raw struct {
	Text
	of string
}

// NewRaw is the page before the server's answer about what is called of; what says after copying what that was. Asked
// is false when there is nobody to ask.
func NewRaw(of, what string, asked bool, th *theme.Theme) Raw {
	title := of + ", asking for the server's own words…"
	if !asked {
		title = of + ": there is no account to ask yet"
	}
	return Raw{Text: NewText(title, what, "", th), of: of}
}

// Answer shows the server's own words, or says why they are not to be had. Besides is what else is to be said of them.
func (p *Raw) Answer(said *safetext.Lines, err error, besides string) {
	switch {
	case err != nil:
		p.Tell(p.of+": "+view.Sentence(err), nil)
	case said == nil:
		p.Tell(p.of+": the server does not give it now", nil)
	default:
		var lines []string
		for _, l := range said.All() {
			lines = append(lines, l)
		}
		p.Tell(p.of+" as the server gives it now"+besides, lines)
	}
}
