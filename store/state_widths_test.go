package store

import (
	"fmt"
	"strings"
	"testing"
)

func TestWidthsThatNoColumnCanHaveAreLeftOut(t *testing.T) {
	t.Parallel()
	widths := map[string]int{"gpu": 24, "": 5, "zero": 0, "minus": -4, "huge": 1 << 40, strings.Repeat("x", 300): 8}
	s := State{Tables: map[string]Table{"market": {Widths: widths}}}.bounded()
	if got := fmt.Sprint(s.Tables["market"].Widths); got != "map[gpu:24]" {
		t.Errorf("they are %s", got)
	}
	for i := range 300 {
		widths[fmt.Sprintf("%04d", i)] = 10
	}
	s = State{Tables: map[string]Table{"market": {Widths: widths}}}.bounded()
	if got := len(s.Tables["market"].Widths); got != maxNames {
		t.Errorf("%d are kept, want %d", got, maxNames)
	}
	if s := (State{Tables: map[string]Table{"a": {Sort: "id"}}}).bounded(); s.Tables["a"].Widths != nil {
		t.Errorf("no widths became %v", s.Tables["a"].Widths)
	}
}
