package upgrade

import (
	"strings"

	"muster/internal/notice"
)

// Lane moves a notice that waits to the lane of its own subject, from one that
// all subjects shared.
func Lane(n notice.Notice) notice.Notice {
	shared := strings.HasPrefix(n.Lane, "channel:") || strings.HasPrefix(n.Lane, "user:")
	if shared && notice.Destination(n.Lane) == n.Lane {
		n.Lane = notice.Lane(n.Lane, n.Subject)
	}
	return n
}
