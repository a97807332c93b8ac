package tui

import (
	"strings"
	"testing"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

func TestConnectionsOfAnotherAccountAreNotListedUnderThisOne(t *testing.T) {
	t.Parallel()
	m := root(t, true, nil)
	sessions := []remote.Session{{Instance: 1}, {Instance: 2}}
	tunnels := []remote.Tunnel{{Forward: remote.Forward{Instance: 1}, State: remote.TunnelUp}}
	login := func(id int64) {
		m.connect(command.Connected{API: world{}, Source: "keyring"}, nil)
		m.data.Remote.Sessions, m.data.Remote.Tunnels = sessions, tunnels // as they are found again
		m.hideEarlier(&m.data)
		if id != 0 {
			m.react(command.UserLoaded{User: vastapi.User{ID: id}})
		}
	}
	listed := func() int { return len(m.data.Remote.Sessions) + len(m.data.Remote.Tunnels) }
	login(7)
	if listed() != 3 {
		t.Fatalf("%d are listed at first", listed())
	}
	login(0)
	if listed() != 0 {
		t.Errorf("while it is not known whose account it is, %d are listed", listed())
	}
	m.react(command.UserLoaded{User: vastapi.User{ID: 8}})
	sessions = append(sessions, remote.Session{Instance: 30}) // one of its own
	m.data = feed.Snapshot{}
	m.data.Remote.Sessions, m.data.Remote.Tunnels = sessions, tunnels
	m.hideEarlier(&m.data)
	if listed() != 1 || m.data.Remote.Sessions[0].Instance != 30 {
		t.Errorf("under another account %d are listed", listed())
	}
	if got := toasted(m); !strings.Contains(got, "3 connections to instances of the account that was left are open") {
		t.Errorf("it says %q", got)
	}
	if len(sessions) != 3 {
		t.Error("a list that others hold was changed")
	}
}

// A third account is told nothing of the first one, and each finds its own again.
func TestConnectionsKeepTheirAccountThroughSeveral(t *testing.T) {
	t.Parallel()
	m := root(t, true, nil)
	open := []remote.Session{{Instance: 1}, {Instance: 30}, {Instance: 500}}
	begun := map[vastapi.InstanceID]int64{1: 7, 30: 8, 500: 9}
	for _, account := range []int64{7, 8, 9, 7, 9, 8} {
		m.connect(command.Connected{API: world{}, Source: "keyring"}, nil)
		m.react(command.UserLoaded{User: vastapi.User{ID: account}})
		m.data.Remote.Sessions = nil
		for _, s := range open {
			if _, left := m.earlier.owners[s.Instance]; left || begun[s.Instance] == account {
				m.data.Remote.Sessions = append(m.data.Remote.Sessions, s)
			}
		}
		m.hideEarlier(&m.data)
		if list := m.data.Remote.Sessions; len(list) != 1 || begun[list[0].Instance] != account {
			t.Errorf("account %d finds %+v", account, list)
		}
		m.leaveAccount()
	}
}

func TestTheSameAccountFindsItsConnectionsAgain(t *testing.T) {
	t.Parallel()
	m := root(t, true, nil)
	m.react(command.UserLoaded{User: vastapi.User{ID: 7}})
	m.data.Remote.Sessions = []remote.Session{{Instance: 1}}
	found := m.data.Remote.Sessions
	m.leaveAccount()
	m.connect(command.Connected{API: world{}, Source: "keyring"}, nil)
	m.react(command.UserLoaded{User: vastapi.User{ID: 7}})
	m.data.Remote.Sessions = found
	m.hideEarlier(&m.data)
	if len(m.data.Remote.Sessions) != 1 {
		t.Error("its own connection is hidden from it")
	}
}
