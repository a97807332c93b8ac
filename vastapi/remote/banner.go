package remote

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"vastdeck/vastapi/safetext"
)

// Limits of waiting for the line an ssh server begins with.
const (
	bannerLimit = 8 * time.Second // an instance that computes may be slow to answer
	maxGreeting = 8 << 10         // bytes before the banner; RFC 4253 4.2 lets a server say other lines first
)

// errNotSSH is returned when something else than ssh answers.
var errNotSSH = errors.New("what answers there is not ssh")

// readBanner reads the line an ssh server begins with (RFC 4253, section 4.2). What it
// returns is inert.
func readBanner(ctx context.Context, conn net.Conn) (string, error) {
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if err := conn.SetDeadline(time.Now().Add(bannerLimit)); err != nil {
		return "", fmt.Errorf("reading the banner: %w", err)
	}
	lines := bufio.NewReader(io.LimitReader(conn, maxGreeting))
	spoke := false
	for {
		line, err := lines.ReadString('\n')
		spoke = spoke || line != ""
		if strings.HasPrefix(line, "SSH-") {
			return safetext.Clean(strings.TrimRight(line, "\r\n"), safetext.MaxRunes), nil
		}
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		if errors.Is(err, io.EOF) && spoke {
			return "", errNotSSH
		}
		if err != nil {
			return "", fmt.Errorf("reading the banner: %w", err)
		}
	}
}
