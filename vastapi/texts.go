package vastapi

import (
	"sync"

	"vastdeck/vastapi/safetext"
)

const (
	// maxTexts is how many texts are kept for reuse, twice: a market of 50,000
	// offers has some 15,000, nearly all of them addresses.
	maxTexts = 16 << 10
	// maxTextKept is how many bytes a text that is kept may have.
	maxTextKept = 64
)

// texts keeps what the rows of answers say again and again, so that equal texts
// of all rows, pages and answers share their bytes. It forgets what has not been
// said for long: two generations are held, each bounded, and one that is full
// replaces the older.
type texts struct {
	most int

	mu         sync.Mutex
	young, old map[string]safetext.Text
}

func newTexts(most int) *texts {
	return &texts{most: most, young: map[string]safetext.Text{}}
}

// of returns v as an inert text. A text is kept under its bytes as written in
// the answer: with a backslash in it those are of a string with escapes, so two
// different texts never have the same ones.
func (t *texts) of(v value) safetext.Text {
	t.mu.Lock()
	defer t.mu.Unlock()
	if text, ok := t.young[string(v.raw)]; ok {
		return text
	}
	text, ok := t.old[string(v.raw)]
	key := string(v.raw)
	switch {
	case ok && text.Wire() == key:
		key = text.Wire() // one copy serves as both
	case !ok && !v.escaped:
		text = safetext.New(key)
	case !ok:
		text = safetext.New(v.str())
	}
	if len(t.young) >= t.most {
		t.old, t.young = t.young, make(map[string]safetext.Text, t.most/4)
	}
	t.young[key] = text
	return text
}
