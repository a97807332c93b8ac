package run

// history are the commands of this run, the newest last, and where the user is
// looking at it.
type history struct {
	lines []string
	at    int    // of the line that is shown; len(lines) = what is being typed
	draft string // what was being typed when looking back began
}

// longestHistory is how many commands are remembered.
const longestHistory = 200

// add remembers a command; the same twice in a row counts once.
func (h *history) add(line string) {
	if n := len(h.lines); n == 0 || h.lines[n-1] != line {
		h.lines = append(h.lines, line)
	}
	if over := len(h.lines) - longestHistory; over > 0 {
		h.lines = h.lines[over:]
	}
	h.at, h.draft = len(h.lines), ""
}

// look goes by lines back or forward from now, which is what is shown, and returns
// what to show.
func (h *history) look(by int, now string) string {
	if h.at == len(h.lines) {
		h.draft = now
	}
	h.at = min(max(0, h.at+by), len(h.lines))
	if h.at == len(h.lines) {
		return h.draft
	}
	return h.lines[h.at]
}
