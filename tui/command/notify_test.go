package command

import (
	"context"
	"errors"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// raw is what a command sends to the terminal beside the screen.
func raw(t *testing.T, c tea.Cmd) string {
	t.Helper()
	if c == nil {
		return ""
	}
	msg, ok := c().(tea.RawMsg)
	if !ok {
		t.Fatalf("it sends %T", c())
	}
	return msg.Msg.(string)
}

// hostile are texts that would do something to a terminal.
var hostile = []string{
	"\x1b]0;title\a", "\a\x9c\x1b\\", "a\nb\rc\td", "\u009d52;c;aGk=\u009c", "\x1b[2J", "4;3;50", "\u202eevil\u2066", "名前", strings.Repeat("x", 10_000), "\xff\xfe",
}

func TestNoticesHoldNothingButPrintableASCII(t *testing.T) {
	t.Parallel()
	for _, text := range hostile {
		n := NoticeOf(text, false)
		if len(n.Text) > maxNotice+2 || strings.ContainsFunc(n.Text, func(r rune) bool { return r < ' ' || r > '~' || r == ';' }) {
			t.Errorf("%.40q becomes %.40q", text, n.Text)
		}
	}
	if got := NoticeOf("--help · Instance 7 “a” is idle… now", true); got.Text != "help - Instance 7 ?a? is idle... now" || !got.Urgent {
		t.Errorf("got %+v", got)
	}
}

func TestSequencesAreEndedByNobodyElse(t *testing.T) {
	t.Parallel()
	s := New(t.Context(), Config{})
	for _, text := range hostile {
		for way, want := range map[DesktopWay][2]string{DesktopOSC9: {"\x1b]9;", "\a"}, DesktopOSC777: {"\x1b]777;notify;vastdeck;", "\a"}} {
			got := raw(t, s.ShowNotice(way, Notice{Text: text}))
			inner, ok := strings.CutPrefix(got, want[0])
			inner, closed := strings.CutSuffix(inner, want[1])
			if !ok || !closed || strings.ContainsAny(inner, "\x1b\a;") || strings.ContainsRune(inner, '\u009c') {
				t.Errorf("%s sends %.60q", way, got)
			}
		}
	}
	if got := raw(t, Bell()); got != "\a" {
		t.Errorf("the bell is %q", got)
	}
	for _, way := range []DesktopWay{DesktopOff, "", "other"} {
		if s.ShowNotice(way, Notice{Text: "x"}) != nil {
			t.Errorf("%q shows something", way)
		}
	}
}

func TestAProgramShowsNoticesOrSaysWhyNot(t *testing.T) {
	t.Parallel()
	var shown []Notice
	refusal := error(nil)
	s := New(t.Context(), Config{Desktop: func(ctx context.Context, n Notice) error {
		if _, limited := ctx.Deadline(); !limited {
			t.Error("it may take for ever")
		}
		shown = append(shown, n)
		return refusal
	}})
	if got := s.ShowNotice(DesktopSend, Notice{Text: "a\x1b[31mb", Urgent: true})().(NoticeShown); got.Err != nil || len(shown) != 1 || shown[0] != (Notice{"a[31mb", true}) {
		t.Errorf("shown are %+v, %v", shown, got.Err)
	}
	refusal = errors.New("no bus")
	if got := s.ShowNotice(DesktopSend, Notice{Text: "x"})().(NoticeShown); !errors.Is(got.Err, refusal) {
		t.Errorf("it says %v", got.Err)
	}
	none := New(t.Context(), Config{})
	if got := none.ShowNotice(DesktopSend, Notice{Text: "x"})().(NoticeShown); got.Err == nil {
		t.Error("nobody says that there is no such program")
	}
}
