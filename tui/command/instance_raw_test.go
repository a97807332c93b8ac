package command

import (
	"context"
	"testing"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

func (s *server) InstanceRaw(_ context.Context, id vastapi.InstanceID) (*safetext.Lines, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	lines := safetext.NewLines(9, 999)
	lines.Add("{\"id\": " + id.String() + "}\n")
	return lines, s.err
}

func TestInstanceIsReadInTheServersOwnWords(t *testing.T) {
	t.Parallel()
	c := set(t, &server{}, Market{})
	raw := c.Loads().LoadInstanceRaw(7)().(InstanceRawRead)
	if raw.Instance != 7 || raw.Err != nil || raw.Lines == nil || raw.Lines.At(0) != `{"id": 7}` {
		t.Errorf("it is %+v", raw)
	}
	if New(t.Context(), Config{}).Loads().LoadInstanceRaw(7) != nil {
		t.Error("it asks without an account")
	}
}
