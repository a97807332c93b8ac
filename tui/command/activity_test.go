package command

import (
	"errors"
	"slices"
	"testing"

	"vastdeck/vastapi/rental"
)

// chest is a journal that looks after files, and notes what it is asked for.
type chest struct {
	rental.Journal
	calls         []string
	adopted, tidy error
}

func (c *chest) Adopt() error { c.calls = append(c.calls, "adopt"); return c.adopted }
func (c *chest) Tidy() error  { c.calls = append(c.calls, "tidy"); return c.tidy }

func TestFilesAreAdoptedBeforeAndGivenBackAfterLooking(t *testing.T) {
	t.Parallel()
	c := &chest{adopted: errors.New("a file is damaged"), tidy: errors.New("the disk is full")}
	lost := errors.New("no answer")
	list, err := tended(c, func() ([]rental.Settled, error) {
		c.calls = append(c.calls, "look")
		return []rental.Settled{{Why: "found"}}, lost
	})
	if want := []string{"adopt", "look", "tidy"}; !slices.Equal(c.calls, want) {
		t.Errorf("it did %v, want %v", c.calls, want)
	}
	if len(list) != 1 || !errors.Is(err, lost) || !errors.Is(err, c.adopted) || !errors.Is(err, c.tidy) {
		t.Errorf("found %v, %v", list, err)
	}
}

func TestJournalInOnePieceIsJustRead(t *testing.T) {
	t.Parallel()
	var plain struct{ rental.Journal }
	list, err := tended(plain, func() ([]rental.Settled, error) { return []rental.Settled{{}}, nil })
	if len(list) != 1 || err != nil {
		t.Errorf("found %v, %v", list, err)
	}
}
