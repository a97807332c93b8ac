package fit

import "testing"

func TestPartsThatDoNotFitWholeAreLeftOut(t *testing.T) {
	t.Parallel()
	for w, want := range map[int]string{-1: "", 0: "", 3: "to…", 5: "total", 10: "total", 12: "total", 14: "total · $2 now", 99: "total · $2 now · $3 soon"} {
		if got := Parts(w, " · ", "total", "$2 now", "$3 soon"); got != want {
			t.Errorf("in %d cells it is %q, want %q", w, got, want)
		}
	}
	if got := Parts(9, " · "); got != "" {
		t.Errorf("nothing is %q", got)
	}
}
