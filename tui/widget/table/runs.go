package table

import (
	"strings"
	"time"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/fit"
)

var noTime time.Time

// runs joins texts of one ink before they are painted. Spaces between two texts take the ink of the
// first, since an ink without underline looks the same on a blank.
type runs struct {
	out  strings.Builder
	ink  theme.Ink
	open bool
}

// add appends a text in an ink.
func (r *runs) add(k theme.Ink, text string) {
	if text == "" {
		return
	}
	if !r.open || k != r.ink {
		r.close()
		r.out.WriteString(k.On)
		r.ink, r.open = k, true
	}
	r.out.WriteString(text)
}

// space appends n blanks in the ink of what stands before them.
func (r *runs) space(n int) { r.out.WriteString(fit.Spaces(n)) }

func (r *runs) close() {
	if r.open {
		r.out.WriteString(r.ink.Off)
		r.open = false
	}
}

// String ends the last run and returns everything.
func (r *runs) String() string {
	r.close()
	return r.out.String()
}
