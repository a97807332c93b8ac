package costs

import (
	"strings"
	"testing"

	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
)

func TestTheCopyMenuOfARowHasItsFiguresAndTheTotal(t *testing.T) {
	t.Parallel()
	got := solo.Copies(t, func() (view.View, func() view.Env) {
		s := newStage(t).load([]vastapi.Instance{running(101, "train")}, volume(7, "data"))
		s.m.table.Select("i101")
		return s.m, s.env
	})
	s := newStage(t).load([]vastapi.Instance{running(101, "train")}, volume(7, "data"))
	s.m.table.Select("i101")
	r, _ := s.m.table.Cursor()
	f := s.m.explain(s.env(), r, s.m.figure)
	if got["f"].Text != f.value || !strings.HasPrefix(got["w"].Text, "instance 101, "+f.name+": "+f.value+"\n= "+f.formula+"\n") {
		t.Errorf("the figure is copied as %q and %q", got["f"].Text, got["w"].Text)
	}
	for letter, want := range map[string]string{
		"i": "101", "n": "train", "v": "vastai show instance 101", "r": "kind,id,name", "t": "kind\tid\tname", "J": "\"id\": 101", "a": "total 2 things", "b": "storage,7,data",
	} {
		if !strings.Contains(got[letter].Text, want) {
			t.Errorf("%s copies %q, want %q", letter, got[letter].Text, want)
		}
	}
	if strings.Contains(got["r"].Text, "storage,7") {
		t.Errorf("r copies another row too: %q", got["r"].Text)
	}
}

func TestMarkedCostsAreCopiedTogetherWithTheirSum(t *testing.T) {
	t.Parallel()
	open := func() (view.View, func() view.Env) {
		s := newStage(t).load([]vastapi.Instance{running(101, "a\x1b[2J\u202e\nb"), running(102, "=1+1"), running(103, "c")}, volume(7, "data"))
		s.m.table.Select("i101")
		for _, key := range []string{"i101", "i102"} {
			s.m.table.Select(key)
			s.press("space")
		}
		return s.m, s.env
	}
	got := solo.Copies(t, open)
	if got["i"].Text != "101\n102" && got["i"].Text != "102\n101" {
		t.Errorf("i copies %q", got["i"].Text)
	}
	if _, figure := got["f"]; figure || !strings.HasPrefix(got["s"].Text, "2 things · ") || !strings.Contains(got["r"].Text, "'=1+1") {
		t.Errorf("copied are %+v", got)
	}
}

func TestAnInvoiceIsCopiedOverItsPage(t *testing.T) {
	t.Parallel()
	got := solo.Copies(t, func() (view.View, func() view.Env) {
		s := states["invoices"](t)
		return s.m, s.env
	})
	for letter, want := range map[string]string{"i": "7", "m": "25.00", "r": "\t25.00\t7\t", "J": "\"amount\": 25", "b": "time,kind,amount", "a": "\"amount\": -3"} {
		if !strings.Contains(got[letter].Text, want) {
			t.Errorf("%s copies %q, want %q", letter, got[letter].Text, want)
		}
	}
	s := states["invoices"](t)
	s.press("y", "esc")
	s.has("Invoices of the last")
}
