package command

import (
	"context"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// OfAccount is something of the account that can be had in the server's own words:
// RawUser, RawAPIKey, RawEnvVars or RawAudit.
type OfAccount interface {
	// Name tells what it is from everything else of the account.
	Name() string
	read(context.Context, AccountReader) (*safetext.Lines, error)
}

// RawUser is the account itself.
type RawUser struct{}

// Name is of the account itself.
func (RawUser) Name() string { return "user" }

func (RawUser) read(ctx context.Context, api AccountReader) (*safetext.Lines, error) {
	return api.UserRaw(ctx)
}

// RawAPIKey is one of its API keys.
type RawAPIKey struct{ ID int64 }

// Name is of one key.
func (r RawAPIKey) Name() string { return "key/" + strconv.FormatInt(r.ID, 10) }

func (r RawAPIKey) read(ctx context.Context, api AccountReader) (*safetext.Lines, error) {
	return api.APIKeyRaw(ctx, r.ID)
}

// RawEnvVars are its variables, all of them.
type RawEnvVars struct{}

// Name is of all variables.
func (RawEnvVars) Name() string { return "variables" }

func (RawEnvVars) read(ctx context.Context, api AccountReader) (*safetext.Lines, error) {
	return api.EnvVarsRaw(ctx)
}

// RawAudit is one line of its log of requests.
type RawAudit struct{ Entry vastapi.AuditEntry }

// Name is of one line; a newer question replaces an older one.
func (RawAudit) Name() string { return "audit" }

func (r RawAudit) read(ctx context.Context, api AccountReader) (*safetext.Lines, error) {
	return api.AuditRaw(ctx, r.Entry)
}

// AccountRawRead answers LoadAccountRaw.
type AccountRawRead struct {
	Answer
	Name  string          // of what was asked for
	Lines *safetext.Lines // inert, secrets masked; nil with an error
}

// LoadAccountRaw asks for something of the account as the server gives it now, one field
// a line. It is nil while nobody is logged in.
func (l Loads) LoadAccountRaw(of OfAccount) tea.Cmd {
	if l.closed() {
		return nil
	}
	api := l.s.api
	return Run(l.s.Runner, Topic("raw account/"+of.Name()),
		func(ctx context.Context) (*safetext.Lines, error) {
			return of.read(vastapi.WithPriority(ctx, vastapi.PriorityTyped), api)
		},
		func(a Answer, lines *safetext.Lines) tea.Msg {
			return AccountRawRead{Answer: a, Name: of.Name(), Lines: lines}
		})
}
