package main

import (
	"errors"
	"strings"
	"testing"

	"vastdeck/vastapi"
)

func TestAServerThatCannotBeReachedSaysNothingAboutTheKey(t *testing.T) {
	t.Parallel()
	for kind, unchecked := range map[vastapi.Kind]bool{
		vastapi.KindTransport: true, vastapi.KindTimeout: true, vastapi.KindServer: true, vastapi.KindRateLimited: true, vastapi.KindPaused: true,
		vastapi.KindAuth: false, vastapi.KindRights: true, vastapi.KindRejected: false,
	} {
		cause := &vastapi.Error{Kind: kind, Message: "no"}
		err := rejected(cause)
		if !errors.Is(err, cause) {
			t.Errorf("%s: the cause is lost: %v", kind, err)
		}
		if strings.Contains(err.Error(), "could not be checked and is not kept") != unchecked || strings.Contains(err.Error(), "does not open an account") == unchecked {
			t.Errorf("%s: %v", kind, err)
		}
	}
}
