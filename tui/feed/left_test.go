package feed

import (
	"reflect"
	"testing"
	"time"
)

func TestWhatWasLeftIsTakenUpByItsOwnAccountAlone(t *testing.T) {
	t.Parallel()
	l := Left{Account: "7", At: noon, Marks: []string{"1", "2"}, Cursor: "2"}
	soon := noon.Add(time.Hour)
	for account, want := range map[string]Left{"7": l, "8": {}, "": {}} {
		if got := l.Of(account, soon); !reflect.DeepEqual(got, want) {
			t.Errorf("account %q takes up %+v", account, got)
		}
	}
	nobodys := l
	nobodys.Account = ""
	for _, account := range []string{"", "7"} {
		if got := nobodys.Of(account, soon); !reflect.DeepEqual(got, Left{}) {
			t.Errorf("account %q takes up what is nobody's: %+v", account, got)
		}
	}
}

func TestMarksAreForgottenAfterAWeek(t *testing.T) {
	t.Parallel()
	l := Left{Account: "7", At: noon, Marks: []string{"1"}, Cursor: "2"}
	if got := l.Of("7", noon.Add(MarksLast)); len(got.Marks) != 1 {
		t.Error("they are forgotten within the week")
	}
	if got := l.Of("7", noon.Add(MarksLast+time.Second)); got.Marks != nil || got.Cursor != "2" {
		t.Errorf("after it %+v is taken up", got)
	}
	if got := (Left{Account: "7", Marks: []string{"1"}}).Of("7", noon); got.Marks != nil {
		t.Error("marks of an unknown time are taken up")
	}
}

func TestOneListIsNotedBesideTheOthersAndOlderMapsStay(t *testing.T) {
	t.Parallel()
	var m Memory
	m.SetLeft("bids", Left{Cursor: "1"})
	before := m.Left
	m.SetLeft("volumes", Left{Cursor: "2"})
	if len(before) != 1 || len(m.Left) != 2 || m.Left["bids"].Cursor != "1" {
		t.Errorf("before %+v, now %+v", before, m.Left)
	}
	c := m.Clone()
	c.SetLeft("bids", Left{Marks: []string{"9"}})
	if m.Left["bids"].Marks != nil {
		t.Error("a change of the copy is in the original")
	}
}
