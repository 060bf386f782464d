// Package lifecycle runs the services of a process side by side and stops them
// one after the other, in the order in which work flows through them: whatever
// one has taken in is finished before what it needs goes away.
package lifecycle
