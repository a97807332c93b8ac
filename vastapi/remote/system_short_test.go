//go:build system && unix && !long

package remote_test

import "time"

// tunnelTime is how long twenty tunnels are run.
const tunnelTime = time.Minute
