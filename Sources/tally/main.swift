import AdminCommands

await Tally.runAndExit()
