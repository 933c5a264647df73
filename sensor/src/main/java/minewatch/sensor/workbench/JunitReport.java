package minewatch.sensor.workbench;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/// A run as JUnit XML, the form most CI servers read: a `testsuite` a signature (or one for all
/// captures), a `testcase` a message (or capture).
public final class JunitReport {
    private JunitReport() {}

    /// @throws XMLStreamException if the stream fails
    public static void write(TestRun run, OutputStream out) throws XMLStreamException {
        Map<String, List<TestRun.Case>> suites = new LinkedHashMap<>();
        run.cases()
                .forEach(each ->
                        suites.computeIfAbsent(each.suite(), _ -> new ArrayList<>()).add(each));
        XMLStreamWriter xml =
                XMLOutputFactory.newFactory()
                        .createXMLStreamWriter(out, StandardCharsets.UTF_8.name());
        xml.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
        start(xml, "testsuites", "minewatch signatures test", run.cases());
        for (Map.Entry<String, List<TestRun.Case>> suite : suites.entrySet()) {
            start(xml, "testsuite", suite.getKey(), suite.getValue());
            for (TestRun.Case each : suite.getValue()) {
                write(each, xml);
            }
            xml.writeEndElement();
        }
        xml.writeEndElement();
        xml.writeEndDocument();
        xml.close();
    }

    private static void start(
            XMLStreamWriter xml, String element, String name, List<TestRun.Case> cases)
            throws XMLStreamException {
        xml.writeCharacters("\n");
        xml.writeStartElement(element);
        xml.writeAttribute("name", Printable.text(name));
        xml.writeAttribute("tests", Integer.toString(cases.size()));
        long failures = cases.stream().filter(each -> !each.isRight()).count();
        xml.writeAttribute("failures", Long.toString(failures));
    }

    private static void write(TestRun.Case each, XMLStreamWriter xml) throws XMLStreamException {
        xml.writeCharacters("\n");
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", Printable.text(each.suite()));
        xml.writeAttribute("name", Printable.text(each.name()));
        if (!each.isRight()) {
            xml.writeStartElement("failure");
            xml.writeAttribute("message", Printable.text(each.problems().getFirst()));
            for (String problem : each.problems()) {
                xml.writeCharacters(Printable.text(problem) + "\n");
            }
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }
}
