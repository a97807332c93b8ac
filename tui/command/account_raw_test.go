package command

import (
	"context"
	"strconv"
	"testing"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

func (s *server) UserRaw(context.Context) (*safetext.Lines, error) { return rawWords("user"), s.err }

func (s *server) APIKeyRaw(_ context.Context, id int64) (*safetext.Lines, error) {
	return rawWords("key " + strconv.FormatInt(id, 10)), s.err
}

func (s *server) EnvVarsRaw(context.Context) (*safetext.Lines, error) {
	return rawWords("variables"), s.err
}

func (s *server) AuditRaw(_ context.Context, e vastapi.AuditEntry) (*safetext.Lines, error) {
	return rawWords("line of key " + strconv.FormatInt(e.Key, 10)), s.err
}

func rawWords(text string) *safetext.Lines {
	lines := safetext.NewLines(9, 999)
	lines.Add(text + "\n")
	return lines
}

func TestTheAccountIsReadInTheServersOwnWords(t *testing.T) {
	t.Parallel()
	c := set(t, &server{}, Market{})
	for want, of := range map[string]OfAccount{
		"user": RawUser{}, "key 7": RawAPIKey{ID: 7}, "variables": RawEnvVars{}, "line of key 9": RawAudit{Entry: vastapi.AuditEntry{Key: 9}},
	} {
		raw := c.Loads().LoadAccountRaw(of)().(AccountRawRead)
		if raw.Name != of.Name() || raw.Err != nil || raw.Lines == nil || raw.Lines.At(0) != want {
			t.Errorf("%s: it is %+v", want, raw)
		}
		if New(t.Context(), Config{}).Loads().LoadAccountRaw(of) != nil {
			t.Error("it asks without an account")
		}
	}
	if (RawAPIKey{ID: 7}).Name() == (RawAPIKey{ID: 8}).Name() {
		t.Error("two keys have one name")
	}
}
