package command

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// The topics of what is only read while somebody looks at the account.
const (
	APIKeys   Topic = "api keys"
	EnvVars   Topic = "account variables"
	Audit     Topic = "audit log"
	TwoFactor Topic = "second factor"
)

// Intervals at which the account's keys, variables and log are asked for again while
// somebody looks at them.
const (
	EveryKeys  = 60 * time.Second
	EveryAudit = 30 * time.Second
)

// AccountReader is what reads the keys, the variables and the log of an account.
type AccountReader interface {
	APIKeys(context.Context) ([]vastapi.APIKey, error)
	EnvVars(context.Context) ([]vastapi.EnvVar, error)
	AuditLog(context.Context) (list []vastapi.AuditEntry, cut bool, err error)
	TwoFactor(context.Context) (vastapi.TwoFactor, error)
	UserRaw(context.Context) (*safetext.Lines, error)
	APIKeyRaw(ctx context.Context, id int64) (*safetext.Lines, error)
	EnvVarsRaw(context.Context) (*safetext.Lines, error)
	AuditRaw(context.Context, vastapi.AuditEntry) (*safetext.Lines, error)
	// Refusals are what the key was refused for lack of rights up to now.
	Refusals() vastapi.Refusals
}

// Refusals are what the key was refused for lack of rights up to now.
func (s *Set) Refusals() vastapi.Refusals {
	if s.api == nil {
		return vastapi.Refusals{}
	}
	return s.api.Refusals()
}

// APIKeysLoaded answers LoadAPIKeys.
type APIKeysLoaded struct {
	Answer
	Keys []vastapi.APIKey
}

// Fold keeps the keys, and what they tell of the one that is used.
func (m APIKeysLoaded) Fold(s *feed.Snapshot) {
	s.APIKeys.Apply(m.Keys, m.At, m.Err)
	s.DeriveRights()
}

// LoadAPIKeys asks for the keys of the account. It is nil while an answer is on its
// way, as the other commands of this file are.
func (l Loads) LoadAPIKeys() tea.Cmd {
	if l.closed() || l.s.Busy(APIKeys) {
		return nil
	}
	return Run(l.s.Runner, APIKeys, l.s.api.APIKeys, func(a Answer, v []vastapi.APIKey) tea.Msg { return APIKeysLoaded{a, v} })
}

// EnvVarsLoaded answers LoadEnvVars.
type EnvVarsLoaded struct {
	Answer
	Vars []vastapi.EnvVar
}

// Fold keeps the names of the variables.
func (m EnvVarsLoaded) Fold(s *feed.Snapshot) { s.EnvVars.Apply(m.Vars, m.At, m.Err) }

// LoadEnvVars asks for the names of the account's variables.
func (l Loads) LoadEnvVars() tea.Cmd {
	if l.closed() || l.s.Busy(EnvVars) {
		return nil
	}
	return Run(l.s.Runner, EnvVars, l.s.api.EnvVars, func(a Answer, v []vastapi.EnvVar) tea.Msg { return EnvVarsLoaded{a, v} })
}

// AuditLoaded answers LoadAuditLog.
type AuditLoaded struct {
	Answer
	Log feed.AuditLog
}

// Fold keeps the log.
func (m AuditLoaded) Fold(s *feed.Snapshot) { s.Audit.Apply(m.Log, m.At, m.Err) }

// LoadAuditLog asks what was asked of the account.
func (l Loads) LoadAuditLog() tea.Cmd {
	if l.closed() || l.s.Busy(Audit) {
		return nil
	}
	api := l.s.api
	return Run(l.s.Runner, Audit, func(ctx context.Context) (feed.AuditLog, error) {
		list, cut, err := api.AuditLog(ctx)
		return feed.AuditLog{List: list, Cut: cut}, err
	}, func(a Answer, v feed.AuditLog) tea.Msg { return AuditLoaded{a, v} })
}

// TwoFactorLoaded answers LoadTwoFactor.
type TwoFactorLoaded struct {
	Answer
	State vastapi.TwoFactor
}

// Fold keeps how the account asks for a second factor.
func (m TwoFactorLoaded) Fold(s *feed.Snapshot) { s.TwoFactor.Apply(m.State, m.At, m.Err) }

// LoadTwoFactor asks how the account asks for a second factor. It is nil once that was
// told: it changes about never.
func (l Loads) LoadTwoFactor() tea.Cmd {
	if l.closed() || l.s.fresh(TwoFactor, ever) {
		return nil
	}
	api := l.s.api
	note := l.s.note(api)
	return Run(l.s.Runner, TwoFactor, api.TwoFactor, func(a Answer, v vastapi.TwoFactor) tea.Msg {
		note(a)
		return TwoFactorLoaded{a, v}
	})
}
