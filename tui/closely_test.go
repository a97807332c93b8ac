package tui

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"vastdeck/vastapi"
)

// unread is a park in which instances cannot be read by their ids.
type unread struct{ *park }

func (unread) InstancesByID(context.Context, []vastapi.InstanceID) (vastapi.InstancePage, error) {
	return vastapi.InstancePage{}, &vastapi.Error{Kind: vastapi.KindServer, Status: 500, Message: "broken"}
}

func TestFailedReadingsOfWhatIsOnTheScreenAreSaid(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := parkOf(300)
		p.walk = 200 * time.Second
		m, l := lived(t, p, func(d *Deps) { d.API = unread{p} })
		l.run(4 * time.Minute)
		_, c := m.Update(tea.KeyPressMsg{Code: '2', Text: "2"})
		l.start(c)
		l.run(2 * time.Minute)
		top := strings.Split(ansi.Strip(m.View().Content), "\n")[0]
		if !strings.Contains(top, "!") || !strings.Contains(top, "STALE") {
			t.Errorf("the header says %q", top)
		}
	})
}
