package logview

import (
	"testing"
	"time"
)

func TestColoursOfSourcesFollowTheOrderInWhichTheyAreExpected(t *testing.T) {
	t.Parallel()
	at := time.Unix(1000, 0)
	m := New("two", dark)
	m.Expect("a", "b")
	m.MergeTail("b", []string{"from b"}, at)
	m.MergeTail("a", []string{"from a"}, at)
	if m.sources[0].name != "a" || m.sources[1].name != "b" || m.end()-m.base != 2 {
		t.Errorf("the sources are %+v", m.sources)
	}
}
