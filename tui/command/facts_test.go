package command

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
)

// answer runs a command, and takes its answer in when it counts.
func answer(t *testing.T, c *Set, d *feed.Snapshot, cmd tea.Cmd) {
	t.Helper()
	if cmd == nil {
		t.Fatal("nothing is asked")
	}
	msg := cmd()
	if c.Current(msg.(Answered)) {
		msg.(feed.Folder).Fold(d)
	}
}

func TestReportsAreReadAgainAfterTenMinutes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &server{err: errors.New("502")}
		c := set(t, s, Market{})
		l := c.Loads()
		var d feed.Snapshot
		answer(t, c, &d, l.LoadReports(7))
		if d.Reports[7].Err == nil || d.Reports[7].Told() {
			t.Errorf("after a failure they are %+v", d.Reports[7])
		}
		s.err = nil
		first := l.LoadReports(7)
		if l.LoadReports(7) != nil {
			t.Error("they are asked for twice at once")
		}
		answer(t, c, &d, first)
		if len(d.Reports[7].Value) != 1 || d.Reports[7].Err != nil {
			t.Errorf("they are %+v", d.Reports[7])
		}
		time.Sleep(ReportsLast - time.Second)
		if l.LoadReports(7) != nil || l.LoadReports(8) == nil {
			t.Error("they are asked for again too early, or another machine's are not")
		}
		time.Sleep(time.Second)
		if l.LoadReports(7) == nil {
			t.Error("after ten minutes they are not asked for")
		}
	})
}

func TestNamesOfGPUsAreReadOnceForEachKey(t *testing.T) {
	t.Parallel()
	s := &server{}
	c := set(t, s, Market{})
	var d feed.Snapshot
	answer(t, c, &d, c.Loads().LoadGPUNames())
	if len(d.GPUNames.Value) != 1 || c.Loads().LoadGPUNames() != nil || s.reads != 1 {
		t.Errorf("after %d reads they are %+v", s.reads, d.GPUNames)
	}
	c.Use(&server{})
	if c.Loads().LoadGPUNames() == nil {
		t.Error("with another key they are not asked for")
	}
}

func TestTemplatesAndKeysAreFolded(t *testing.T) {
	t.Parallel()
	c := set(t, &server{}, Market{})
	var d feed.Snapshot
	q := vastapi.TemplateQuery{Hash: "abc"}
	answer(t, c, &d, c.Loads().LoadTemplates(q))
	answer(t, c, &d, c.Loads().LoadSSHKeys())
	if d.Templates.Value.Query != q || d.Templates.Value.Templates[0].Hash != "abc" || d.SSHKeys.Value[0].Type != "ssh-ed25519" {
		t.Errorf("templates %+v, keys %+v", d.Templates.Value, d.SSHKeys.Value)
	}
	raw := c.Loads().LoadOfferRaw(7, vastapi.OnDemand, 10)().(OfferRawRead)
	if raw.Offer != 7 || raw.Lines == nil || raw.Err != nil {
		t.Errorf("raw it is %+v", raw)
	}
}

func TestNobodyIsAskedForFactsWithoutAnAccount(t *testing.T) {
	t.Parallel()
	l := New(t.Context(), Config{}).Loads()
	for n, cmd := range []tea.Cmd{l.LoadReports(7), l.LoadGPUNames(), l.LoadTemplates(vastapi.TemplateQuery{}), l.LoadSSHKeys(), l.LoadOfferRaw(1, "", 10)} {
		if cmd != nil {
			t.Errorf("command %d asks without an account", n)
		}
	}
}
