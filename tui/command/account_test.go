package command

import (
	"context"
	"errors"
	"testing"

	"vastdeck/vastapi/rental"
)

func TestKeyIsLookedForAndTriedOneAtATime(t *testing.T) {
	t.Parallel()
	refused := errors.New("no key is stored")
	var tried []string
	c := New(t.Context(), Config{
		Policy: rental.DefaultPolicy(),
		Find:   func(context.Context) (Connected, error) { return Connected{}, refused },
		TryKey: func(_ context.Context, key string) (Connected, error) {
			tried = append(tried, key)
			return Connected{API: &server{}, Source: "keyring"}, nil
		},
	})
	found := c.FindKey()
	if !c.Busy("key") {
		t.Error("nobody would know that a key is looked for")
	}
	if r := found().(KeyFound); !errors.Is(r.Err, refused) || r.Connected.API != nil || !c.Current(r) {
		t.Errorf("looking gave %+v", r)
	}
	first, second := c.Loads().TryKey("one"), c.Loads().TryKey("two")
	late, newest := first().(KeyTried), second().(KeyTried)
	if c.Current(late) || !c.Current(newest) || newest.Connected.Source != "keyring" {
		t.Error("the newest key is not the one that counts")
	}
	if len(tried) != 2 || tried[1] != "two" {
		t.Errorf("%d keys were tried", len(tried))
	}
}
