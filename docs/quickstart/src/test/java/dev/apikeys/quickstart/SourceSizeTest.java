package dev.apikeys.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What fits on a screen can be read: the sources of the published modules keep to the sizes of CONTRIBUTING.md. */
class SourceSizeTest {
    private static final int METHOD_LINES = 40;
    private static final int FILE_LINES = 400;
    private static final int PARAMETERS = 5;
    private static final int FIELDS = 8;

    /** Classes with more fields, and why. */
    private static final Map<String, String> MANY_FIELDS = Map.of(
            "CacheEntry", "there may be a million, and an object in each would cost a fifth more memory",
            "Counters", "one for each number of KeyServiceStats",
            "KeyServiceBuilder", "one for each setting",
            "KeySpec", "one for each thing that can be asked of a new key",
            "Poller", "what one thread remembers between two polls",
            "SampleKey", "one for each thing in which the keys of a test differ");

    /** Methods with more parameters: they hand on the parts of a record, or put the parts of a service together. */
    private static final List<String> MANY_PARAMETERS =
            List.of("ApiKey.next", "AuditEntry.of", "KeyPolicy.<init>", "KeySpec.<init>", "KeyUpdate.<init>");

    private static final Map<String, Integer> LONG_METHODS = new TreeMap<>();
    private static final Map<String, Integer> LONG_FILES = new TreeMap<>();
    private static final Map<String, Integer> LONG_SIGNATURES = new TreeMap<>();
    private static final Map<String, Integer> LARGE_CLASSES = new TreeMap<>();
    private static final List<String> METHODS = new ArrayList<>();

    @BeforeAll
    static void measure() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<Path> sources = Repository.publishedModules().stream()
                .flatMap(module -> Repository.sources(module).stream())
                .toList();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree file : task.parse()) {
                new Measure(positions, file).scan(file, "");
            }
        }
    }

    @Test
    void method_fitsAScreen() {
        assertThat(METHODS).hasSizeGreaterThan(500);
        assertThat(LONG_METHODS).isEmpty();
    }

    @Test
    void file_isNoBook() {
        assertThat(LONG_FILES).isEmpty();
    }

    @Test
    void method_takesFewParameters() {
        assertThat(LONG_SIGNATURES.keySet()).isSubsetOf(MANY_PARAMETERS);
    }

    @Test
    void class_hasFewFields_exceptThoseWithAReason() {
        assertThat(MANY_FIELDS).hasSizeLessThanOrEqualTo(6);
        assertThat(LARGE_CLASSES.keySet()).isSubsetOf(MANY_FIELDS.keySet());
    }

    /** Notes what is too large; the parameter is the name of the enclosing class. */
    private static final class Measure extends TreeScanner<Void, String> {
        private final SourcePositions positions;
        private final CompilationUnitTree file;
        private int records;

        Measure(SourcePositions positions, CompilationUnitTree file) {
            this.positions = positions;
            this.file = file;
            int lines = lineOf(positions.getEndPosition(file, file));
            if (lines > FILE_LINES) {
                LONG_FILES.put(file.getSourceFile().getName(), lines);
            }
        }

        @Override
        public Void visitClass(ClassTree type, String outer) {
            String name = outer.isEmpty() ? type.getSimpleName().toString() : outer + "." + type.getSimpleName();
            long fields = type.getMembers().stream()
                    .filter(VariableTree.class::isInstance)
                    .map(VariableTree.class::cast)
                    .filter(field -> !field.getModifiers().getFlags().contains(Modifier.STATIC))
                    .count();
            // The components of a record are its data, and shown in its one declaration.
            if (fields > FIELDS && type.getKind() != Tree.Kind.RECORD) {
                LARGE_CLASSES.put(name, (int) fields);
            }
            boolean isRecord = type.getKind() == Tree.Kind.RECORD;
            records += isRecord ? 1 : 0;
            super.visitClass(type, name);
            records -= isRecord ? 1 : 0;
            return null;
        }

        @Override
        public Void visitMethod(MethodTree method, String type) {
            String name = type + "." + method.getName();
            METHODS.add(name);
            int lines = method.getBody() == null
                    ? 1
                    : lineOf(positions.getEndPosition(file, method.getBody()))
                            - lineOf(positions.getStartPosition(file, method))
                            + 1;
            if (lines > METHOD_LINES) {
                LONG_METHODS.merge(name, lines, Math::max);
            }
            if (method.getParameters().size() > PARAMETERS && !isOfRecord(method)) {
                LONG_SIGNATURES.merge(name, method.getParameters().size(), Math::max);
            }
            return super.visitMethod(method, type);
        }

        /** The parameters of a record's constructor are its components. */
        private boolean isOfRecord(MethodTree method) {
            return records > 0 && method.getReturnType() == null;
        }

        private int lineOf(long position) {
            return (int) file.getLineMap().getLineNumber(position);
        }
    }
}
