package command

import (
	"context"
	"errors"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
)

// Notice is a message for somebody who looks elsewhere: one line, printable ASCII.
type Notice struct {
	Text   string
	Urgent bool
}

// maxNotice is how long a notice may be.
const maxNotice = 200

// NoticeOf makes a notice of a sentence. Whatever is not printable ASCII is left
// out or stands as "?", so that nothing of it can end an escape sequence or be
// taken for an option, and ";", which separates the parts of some sequences, is a
// comma.
func NoticeOf(text string, urgent bool) Notice {
	var b strings.Builder
	for _, r := range text {
		switch {
		case b.Len() >= maxNotice:
		case r == ';':
			b.WriteByte(',')
		case r >= ' ' && r <= '~':
			b.WriteRune(r)
		case r == '·' || r == '—' || r == '–':
			b.WriteByte('-')
		case r == '…':
			b.WriteString("...")
		case r > '~' && r != '\u007f' && (r < 0x80 || r > 0x9f):
			b.WriteByte('?')
		}
	}
	return Notice{Text: strings.TrimLeft(b.String(), "- "), Urgent: urgent}
}

// DesktopWay is how a notice reaches the desktop.
type DesktopWay string

// The ways: not at all, by a sequence that the terminal understands, or by the
// program of that name.
const (
	DesktopOff    DesktopWay = "off"
	DesktopOSC9   DesktopWay = "osc9"
	DesktopOSC777 DesktopWay = "osc777"
	DesktopSend   DesktopWay = "notify-send"
)

// Bell rings the terminal's bell.
func Bell() tea.Cmd { return tea.Raw("\a") }

// NoticeShown answers ShowNotice by a program.
type NoticeShown struct{ Answer }

// noticeLimit is how long a program may take to show a notice.
const noticeLimit = 5 * time.Second

// ShowNotice shows a notice on the desktop, outside of the screen; nil when that is
// not wanted. The terminal does not say whether it obeyed.
func (s *Set) ShowNotice(way DesktopWay, n Notice) tea.Cmd {
	n = NoticeOf(n.Text, n.Urgent) // whoever made it
	switch way {
	case DesktopOSC9:
		return tea.Raw("\x1b]9;" + n.Text + "\a")
	case DesktopOSC777:
		return tea.Raw("\x1b]777;notify;vastdeck;" + n.Text + "\a")
	case DesktopSend:
		show := s.cfg.Desktop
		return Run(s.Runner, "notice", func(ctx context.Context) (struct{}, error) {
			if show == nil {
				return struct{}{}, errors.New("notify-send is not installed")
			}
			ctx, cancel := context.WithTimeout(ctx, noticeLimit)
			defer cancel()
			return struct{}{}, show(ctx, n)
		}, func(a Answer, _ struct{}) tea.Msg { return NoticeShown{a} })
	}
	return nil
}
