package offerql

import (
	"errors"
	"testing"
)

func TestAMistakeIsPlacedInRunesWhateverStandsInFrontOfIt(t *testing.T) {
	t.Parallel()
	e := &Error{Col: len("é x"), Len: len("€"), Text: "no"}
	if from, to := e.Span("é x€"); from != 3 || to != 4 {
		t.Errorf("from %d to %d", from, to)
	}
	if from, to := e.Span("é"); from != 1 || to != 1 {
		t.Errorf("beyond the end: from %d to %d", from, to)
	}
	if e.Reason() != "no" || (&Error{Text: "no", Suggest: "yes"}).Reason() != "no: yes?" {
		t.Error("the reason is another one")
	}
	if !IsUnfinished(&Error{Kind: Unfinished}) || IsUnfinished(e) || IsUnfinished(errors.New("x")) || IsUnfinished(nil) {
		t.Error("what is unfinished is taken for a mistake, or the other way round")
	}
}
