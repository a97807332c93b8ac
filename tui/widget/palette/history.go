package palette

// History leads through lines that were used before.
type History struct {
	lines []string // the newest first
	at    int      // -1 = what is being typed
	typed string
}

// NewHistory begins at what is being typed.
func NewHistory(lines []string) History { return History{lines: lines, at: -1} }

// Older gives the line used before the present one; typed is what stands in the line.
func (h *History) Older(typed string) (string, bool) {
	if h.at+1 >= len(h.lines) {
		return "", false
	}
	if h.at < 0 {
		h.typed = typed
	}
	h.at++
	return h.lines[h.at], true
}

// Newer gives the line used after the present one, at last what was being typed.
func (h *History) Newer() (string, bool) {
	if h.at < 0 {
		return "", false
	}
	h.at--
	if h.at < 0 {
		return h.typed, true
	}
	return h.lines[h.at], true
}

// Looking reports whether a line of the history is shown.
func (h *History) Looking() bool { return h.at >= 0 }

// Leave goes on with what stands in the line.
func (h *History) Leave() { h.at = -1 }
