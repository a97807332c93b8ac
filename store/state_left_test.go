package store

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestNamesThatNoRowCanHaveAreLeftOut(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 300)
	left := Left{Account: "7", Marks: []string{"1", "", long, "2"}, Cursor: long}
	for n := range 2000 {
		left.Marks = append(left.Marks, fmt.Sprint(n))
	}
	s := State{Left: map[string]Left{"bids": left, "volumes": {Cursor: "3", Marks: []string{""}}}}.bounded()
	if got := s.Left["bids"]; got.Cursor != "" || len(got.Marks) != maxMarks-2 || got.Marks[1] != "2" || got.Account != "7" {
		t.Errorf("%d marks, cursor %q, account %q are kept", len(got.Marks), got.Cursor, got.Account)
	}
	if got := s.Left["volumes"]; !reflect.DeepEqual(got, Left{Cursor: "3"}) {
		t.Errorf("%+v is kept", got)
	}
	for n := range 80 {
		left.Marks = nil
		s.Left[fmt.Sprintf("list %02d", n)] = left
	}
	if got := len(s.bounded().Left); got != maxTables {
		t.Errorf("%d lists are kept", got)
	}
}

// What another program or a hand has put into the file is no reason to lose the rest of it, as
// long as it has the shape of a state; anything else is set aside and said.
func TestDamagedMarksAreSetAsideWithANotice(t *testing.T) {
	t.Parallel()
	for content, sound := range map[string]bool{
		`{"version":2,"data":{"query":"x","left":{"bids":{"marks":[1,2]}}}}`:                                         false,
		`{"version":2,"data":{"query":"x","left":{"bids":{"marks":"all"}}}}`:                                         false,
		`{"version":2,"data":{"query":"x","left":{"bids":{"at":"yesterday"}}}}`:                                      false,
		`{"version":2,"data":{"query":"x","left":["bids"]}}`:                                                         false,
		`{"version":2,"data":{"query":"x","left":{"bids":null}}}`:                                                    true,
		`{"version":2,"data":{"query":"x","left":{"bids":{"marks":null,"cursor":"1","more":3}}}}`:                    true,
		`{"version":2,"data":{"query":"x","tables":{"instances":{"marks":[18820341],"cursor":18820341,"sort":""}}}}`: true,
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "state.json"), []byte(content), fileMode); err != nil {
			t.Fatal(err)
		}
		f, notice := OpenState(dir)
		if sound != (notice == "") || sound != (f.State().Query == "x") {
			t.Errorf("%s: notice %q, %+v", content, notice, f.State())
		}
		if !sound && len(f.State().Left) > 0 {
			t.Errorf("%s: %+v came back", content, f.State().Left)
		}
	}
}

func TestAFileFullOfMarksIsWrittenAndReadAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	err := openState(t, dir).Update(func(s *State) {
		s.Left = map[string]Left{}
		for n := range 60 {
			l := Left{Account: strings.Repeat("é", 300), At: time.Now()}
			for i := range 3000 {
				l.Marks = append(l.Marks, fmt.Sprintf("%0250d", i))
			}
			s.Left[fmt.Sprintf("%02d", n)] = l
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := openState(t, dir).State().Left; len(got) != maxTables || len(got["00"].Marks) != maxMarks {
		t.Errorf("%d lists with %d marks came back", len(got), len(got["00"].Marks))
	}
}
