package minewatch.sensor.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.language.InvalidSignaturesException;

/// Loads the signatures a command asks for.
final class Packs {
    private Packs() {}

    /// @param folders besides the built-in pack
    static SignaturePack load(List<Path> folders) throws IOException, InvalidSignaturesException {
        return folders.isEmpty() ? SignaturePacks.builtIn() : SignaturePacks.load(folders);
    }
}
